using System.CommandLine;
using MeasureSampleLlava;
using MLNetGrounding.Samples;

Option<string> model = new("--model") { Description = "The checkpoint folder. Default: the sample model.", DefaultValueFactory = _ => SampleLlava.Directory };
Option<int> birds = new("--birds") { Description = "How many held-out birds, and as many to choose the threshold on.", DefaultValueFactory = _ => 500 };
RootCommand command = new("Draws held-out birds and prints how well a checkpoint's attention finds their parts, as Markdown.") { model, birds };
command.SetAction(arguments => Console.Write(Measurement.Run(arguments.GetRequiredValue(model), arguments.GetRequiredValue(birds))));
return command.Parse(args).Invoke();
