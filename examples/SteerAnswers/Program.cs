using SteerAnswers;

return await SteerAnswersCommand.RunAsync(args, Console.Out, Console.Error);
