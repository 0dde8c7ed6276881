using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>Refusals that several actions share.</summary>
internal static class PaymentFailures
{
    public static Failure Off() => Failure.Unavailable("payments_off", "Online payment is not set up. Pay by bank transfer instead.");

    public static Failure NotOpen(string? number) => Failure.Conflict("invoice_not_open", $"Nothing is due on invoice {number}.");
}
