namespace Portal.Core.Invoicing;

/// <summary>The last number given in a series and financial year; the row is locked by the transaction that issues.</summary>
public sealed class NumberSeries
{
    private NumberSeries() { }

    /// <summary>E.g. <c>INV</c>.</summary>
    public string Series { get; private set; } = "";

    /// <summary>E.g. <c>26-27</c>.</summary>
    public string FinancialYear { get; private set; } = "";

    public long LastNumber { get; private set; }
}
