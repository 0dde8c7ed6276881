using Portal.Benchmarks;

if (args is ["billing-run", ..])
    return await BillingRunBenchmark.RunAsync(args);
Console.Error.WriteLine("usage: Portal.Benchmarks NAME"); return 2;
