using System.Collections.Frozen;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>Razorpay's test cards, addresses and banks, and what each comes to.</summary>
internal static class TestMeans
{
    private static readonly FrozenDictionary<string, (string Network, bool International, SandboxFailure? Failure)> s_cards =
        new Dictionary<string, (string, bool, SandboxFailure?)>(StringComparer.Ordinal)
        {
            ["4100280000001007"] = ("Visa", false, null),
            ["5500670000001002"] = ("MasterCard", false, null),
            ["6527658900001005"] = ("RuPay", false, null),
            ["36082800091007"] = ("Diners Club", false, null),
            ["340256000401007"] = ("American Express", false, null),
            ["5555555555554444"] = ("MasterCard", true, null),
            ["5105105105105100"] = ("MasterCard", true, null),
            ["5104060000000008"] = ("MasterCard", true, null),
            ["4012888888881881"] = ("Visa", true, null),
            ["4100280000090000"] = Fails("payment_timed_out", "The payment was not completed on time."),
            ["4100280000080001"] = Fails("insufficient_funds", "The account does not hold enough money."),
            ["4100280000070002"] = Fails("payment_cancelled", "The payment was cancelled by the payer."),
            ["4100280000060003"] = Fails("card_declined", "The card was declined by the bank."),
            ["4100280000050004"] = Fails("card_declined", "The card was declined by the bank."),
            ["4100280000040005"] = Fails("card_declined", "The card was declined by the bank."),
            ["4100280000030006"] = Fails("card_disabled_for_online_payments", "The card is not enabled for payments online."),
            ["4100280000010008"] = Fails("card_number_invalid", "The card's number is not valid."),
            ["4100280000020007"] = Fails("gateway_technical_error", "The bank's gateway had a technical error."),
            ["4100280000000009"] = Fails("authentication_failed", "The payer could not be authenticated."),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] s_banks = ["HDFC", "ICIC", "SBIN", "UTIB", "KKBK", "PUNB_R"];

    /// <summary>What is paid with and how it ends, or a mistake that the payer can mend.</summary>
    public static (SandboxInstrument? Instrument, SandboxFailure? Failure, string? Mistake) Read(SandboxCheckout.PayRequest request) => request.Method switch
    {
        "upi" => Upi(request.Vpa?.Trim() ?? ""),
        "card" => Card(new string([.. (request.CardNumber ?? "").Where(char.IsAsciiDigit)]), request.Otp?.Trim() ?? ""),
        "netbanking" => Bank(request.Bank ?? "", request.BankAnswer),
        _ => (null, null, "Choose UPI, a card or a bank."),
    };

    private static (SandboxInstrument?, SandboxFailure?, string?) Upi(string vpa) => vpa switch
    {
        "success@razorpay" => (new SandboxInstrument("upi", Vpa: vpa), null, null),
        "failure@razorpay" => (new SandboxInstrument("upi", Vpa: vpa), new SandboxFailure("payment_failed", "Payment was unsuccessful as the payer's bank declined it."), null),
        _ => (null, null, "In the sandbox, pay with success@razorpay or failure@razorpay."),
    };

    private static (SandboxInstrument?, SandboxFailure?, string?) Card(string number, string otp)
    {
        if (!s_cards.TryGetValue(number, out var card))
            return (null, null, "In the sandbox, pay with one of the test cards.");
        // Four to ten digits are the right one-time password, whatever they are.
        var failure = card.Failure ?? (otp.Length is >= 4 and <= 10 && otp.All(char.IsAsciiDigit)
            ? null
            : new SandboxFailure("authentication_failed", "The one-time password was not right.", "customer", "payment_authentication"));
        return (new SandboxInstrument("card", CardNetwork: card.Network, CardLast4: number[^4..], International: card.International), failure, null);
    }

    private static (SandboxInstrument?, SandboxFailure?, string?) Bank(string bank, string? answer) => s_banks.Contains(bank, StringComparer.Ordinal)
        ? (new SandboxInstrument("netbanking", Bank: bank), answer == "success" ? null : new SandboxFailure("payment_failed", "Payment failed at the bank."), null)
        : (null, null, "Choose one of the banks.");

    private static (string, bool, SandboxFailure?) Fails(string reason, string description) => ("Visa", false, new SandboxFailure(reason, description));
}
