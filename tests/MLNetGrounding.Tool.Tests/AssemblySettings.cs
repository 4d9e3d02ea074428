// Variables of the process say where models are.
[assembly: DoNotParallelize]
