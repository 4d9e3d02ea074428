using TrainSampleLlava;

return await TrainCommand.RunAsync(args, Console.Out, Console.Error);
