using MLNetGrounding.Tool;

return await GroundingTool.RunAsync(args, Console.Out, Console.Error);
