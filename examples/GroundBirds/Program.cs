using GroundBirds;

return await GroundBirdsCommand.RunAsync(args, Console.Out, Console.Error);
