using Table1;

return await Table1Command.RunAsync(args, Console.Out, Console.Error);
