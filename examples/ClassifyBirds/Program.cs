using ClassifyBirds;

return await ClassifyBirdsCommand.RunAsync(args, Console.Out, Console.Error);
