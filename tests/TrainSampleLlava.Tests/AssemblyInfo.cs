// Training takes all cores that it is given.
[assembly: DoNotParallelize]
