Console.Error.WriteLine("usage: Portal.Benchmarks NAME"); return 2;
