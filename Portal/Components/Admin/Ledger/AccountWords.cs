using Portal.Core.Ledger;

namespace Portal.Components.Admin.Ledger;

/// <summary>The accounts of the ledger in people's words.</summary>
internal static class AccountWords
{
    public static string Of(LedgerAccount account) => account switch
    {
        LedgerAccount.AccountsReceivable => "Accounts receivable",
        LedgerAccount.Revenue => "Revenue",
        LedgerAccount.TaxPayable => "Tax payable",
        LedgerAccount.ProviderClearing => "Payment provider clearing",
        LedgerAccount.Bank => "Bank",
        LedgerAccount.CashOnHand => "Cash and cheques",
        LedgerAccount.TdsReceivable => "TDS receivable",
        LedgerAccount.CustomerCredit => "Customer account credit",
        LedgerAccount.DeferredRevenue => "Deferred revenue (prepaid credits)",
        LedgerAccount.Refunds => "Refunds",
    };
}
