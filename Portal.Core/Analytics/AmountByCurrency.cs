namespace Portal.Core.Analytics;

/// <summary>A sum of money and of how many it is made; sums of different currencies are never added up.</summary>
public sealed record AmountByCurrency(string Currency, decimal Amount, int Count);
