using Xunit.Runner.InProc.SystemConsole;

// Without a verb of its own this is an ordinary test project.
return await ConsoleRunner.Run(args);
