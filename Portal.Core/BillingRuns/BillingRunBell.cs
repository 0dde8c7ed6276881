using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>Rings when a billing run was queued.</summary>
public sealed class BillingRunBell : WorkBell;
