using System.Globalization;
using System.Net;
using System.Text;
using Portal.Documents;

namespace Portal.Benchmarks.Documents;

/// <summary>The content of an invoice as a plain HTML page, for a browser to print.</summary>
internal static class InvoiceHtml
{
    private const string Style = """
        @page { size: A4; margin: 20mm 18mm 24mm } body { font: 9pt "Noto Sans", sans-serif; margin: 0; color: #000 } h1 { font-size: 22pt; font-weight: 600; margin: 0 }
        h2, th, small { font-size: 7.8pt; font-weight: 500; color: #555 } h2 { margin: 0 0 2mm } header, section { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm; margin-bottom: 5mm }
        header img { height: 14mm; justify-self: end } dl { display: grid; grid-template-columns: auto 1fr auto 1fr; gap: 2mm 6mm; margin: 0 } dt { color: #555 } dd { margin: 0 }
        .pay { border-top: 0.9pt solid #000; border-bottom: 0.5pt solid #bbb; padding: 3.5mm 0; grid-template-columns: 1fr auto } .pay b { font-size: 15pt } .pay svg { width: 20mm; height: 20mm }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; margin-bottom: 4mm } th { text-align: left; border-bottom: 0.9pt solid #000 }
        td, th { padding: 1.4mm 3.2mm 1.4mm 0; vertical-align: top; line-height: 1.2 } tbody tr + tr td { padding-top: 0 } tbody { border-bottom: 0.5pt solid #bbb } .n { text-align: right; padding-right: 0 } footer { border-top: 0.5pt solid #bbb }
        """;

    public static string Of(InvoiceSheet sheet, byte[] logo)
    {
        var html = new StringBuilder(16 * 1024);
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang={sheet.Language}><title>{Text(sheet.DocumentTitle)}</title><style>{Style}</style>");
        html.Append(CultureInfo.InvariantCulture, $"<header><h1>{Text(sheet.Title)}</h1><img alt='{Text(sheet.Seller.Name)}' src='data:image/png;base64,{Convert.ToBase64String(logo)}'></header><dl>");
        foreach (var fact in sheet.Facts)
            html.Append(CultureInfo.InvariantCulture, $"<dt>{Text(fact.Label)}<dd>{Strong(fact)}");
        html.Append("</dl><br><section>");
        Party(html, "From", sheet.Seller);
        Party(html, "Bill to", sheet.Customer);
        html.Append(CultureInfo.InvariantCulture, $"</section><section class=pay><div><b>{Text(sheet.Headline)}</b>");
        if (sheet.Pay is { } pay)
            html.Append(CultureInfo.InvariantCulture, $"<br>Pay online: <a href='{Text(pay.Url)}'>{Text(pay.Url)}</a></div>{pay.Qr}</section>");
        else
            html.Append("</div></section>");
        Lines(html, sheet);
        html.Append(CultureInfo.InvariantCulture, $"<section><div><h2>{Text(sheet.WordsLabel)}</h2>{Text(sheet.Words)}<h2>Tax summary</h2><table><tr><th>Tax<th>Rate<th>Taxable amount<th class=n>Tax amount");
        foreach (var tax in sheet.Taxes)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(tax.Name)}<td>{Text(tax.Rate)}<td>{Text(tax.Base)}<td class=n>{Text(tax.Amount)}");
        html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=3>{Text(sheet.TaxTotal.Label)}<td class=n>{Text(sheet.TaxTotal.Value)}</table></div><table>");
        foreach (var row in sheet.Totals)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(row.Label)}<td class=n>{Strong(row)}");
        html.Append("</table></section>");
        if (sheet.Instructions.Count > 0)
            html.Append(CultureInfo.InvariantCulture, $"<h2>Payment instructions</h2>{Rows(sheet.Instructions)}");
        if (sheet.Notes.Count > 0)
            html.Append(CultureInfo.InvariantCulture, $"<h2>Notes</h2>{Rows(sheet.Notes)}");
        return html.Append(CultureInfo.InvariantCulture, $"<footer><small>{Rows(sheet.Footer)}</small></footer></html>").ToString();
    }

    private static void Lines(StringBuilder html, InvoiceSheet sheet)
    {
        html.Append("<table><thead><tr><th>Description");
        html.Append(sheet.Columns.Hsn ? "<th>HSN/SAC" : "").Append(sheet.Columns.Quantity ? "<th class=n>Quantity" : "").Append(sheet.Columns.UnitPrice ? "<th class=n>Unit price" : "");
        html.Append("<th class=n>Amount</thead>");
        foreach (var line in sheet.Lines)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tbody><tr><td>{Text(line.Description)}");
            foreach (var detail in line.Details)
                html.Append(CultureInfo.InvariantCulture, $"<br><small>{Text(detail)}</small>");
            html.Append(sheet.Columns.Hsn ? $"<td>{Text(line.Hsn)}" : "");
            html.Append(sheet.Columns.Quantity ? $"<td class=n>{Text(line.Quantity)}<br><small>{Text(line.Unit)}</small>" : "");
            html.Append(sheet.Columns.UnitPrice ? $"<td class=n>{Text(line.UnitPrice)}" : "");
            html.Append(CultureInfo.InvariantCulture, $"<td class=n>{Text(line.Amount)}");
            foreach (var tier in line.Tiers)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td><small>{Text(tier.Description)}</small>").Append(sheet.Columns.Hsn ? "<td>" : "");
                html.Append(sheet.Columns.Quantity ? $"<td class=n><small>{Text(tier.Quantity)}</small>" : "");
                html.Append(sheet.Columns.UnitPrice ? $"<td class=n><small>{Text(tier.UnitPrice)}</small>" : "");
                html.Append(CultureInfo.InvariantCulture, $"<td class=n><small>{Text(tier.Amount)}</small>");
            }

            html.Append("</tbody>");
        }

        html.Append("</table>");
    }

    private static void Party(StringBuilder html, string title, SheetParty party) => html.Append(CultureInfo.InvariantCulture, $"<div><h2>{title}</h2><b>{Text(party.Name)}</b><br>{Rows(party.Lines)}</div>");

    private static string Rows(IEnumerable<string> lines) => string.Join("<br>", lines.Select(Text));

    private static string Strong(SheetRow row) => row.Strong ? $"<b>{Text(row.Value)}</b>" : Text(row.Value);

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
