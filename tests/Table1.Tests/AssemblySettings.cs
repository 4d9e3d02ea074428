// Tests count the images that run through models of the process.
[assembly: DoNotParallelize]
