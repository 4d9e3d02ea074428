using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using MLNetGrounding.Extensions.Chat;

namespace MLNetGrounding.Extensions.DependencyInjection;

[TestClass]
public sealed class GroundingChatServiceTests
{
    [TestMethod]
    public async Task TheApplicationHasOneClientThatIsOpenedWhenAskedForAndDisposedWithTheServices()
    {
        using ChatModel model = new();
        GroundingChatClientOptions options = new() { Answering = new AnswerOptions { MaximumTokens = 3 } };
        IChatClient client;
        await using (
            ServiceProvider services = new ServiceCollection().AddGroundingChatClient(model.Model.Directory, options).BuildServiceProvider()
        )
        {
            client = services.GetRequiredService<IChatClient>();
            Assert.AreSame(client, services.GetRequiredService<IChatClient>());
            Assert.AreEqual(3, (await client.GetResponseAsync([ChatModel.Ask("the wing?")])).Usage!.OutputTokenCount);
        }

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.GetResponseAsync([ChatModel.Ask("the wing?")]));
    }

    [TestMethod]
    public void AFolderThatIsNotThereIsSaidWhenTheClientIsAskedFor()
    {
        using ServiceProvider services = new ServiceCollection().AddGroundingChatClient("/no/such/folder").BuildServiceProvider();
        StringAssert.Contains(
            Assert.ThrowsExactly<CheckpointException>(() => services.GetRequiredService<IChatClient>()).Message,
            "/no/such/folder"
        );
    }
}
