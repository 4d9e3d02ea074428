using WebService;

return await WebServiceCommand.RunAsync(args, Console.Out, Console.Error);
