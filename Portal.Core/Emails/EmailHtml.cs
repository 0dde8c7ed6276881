namespace Portal.Core.Emails;

/// <summary>
/// The markup of <see cref="EmailLayout"/>. Mail programs know little CSS: tables carry the layout and styles stand on the elements; the style
/// block only adds what a program that understands it may use, for narrow screens and dark ones. All arguments are encoded already.
/// </summary>
internal static class EmailHtml
{
    private const string Font = "font-family:'Noto Sans','Segoe UI',Roboto,Helvetica,Arial,sans-serif;";

    public const string Head = """
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{title}</title>
        <style>
        :root { color-scheme: light dark; }
        @media (max-width: 480px) {
          .card { padding: 24px 20px !important; }
          .outer { padding: 12px 8px !important; }
          .button a { display: block !important; text-align: center !important; }
          .button, .button table, .button td { width: 100% !important; }
        }
        @media (prefers-color-scheme: dark) {
          .page { background-color: #101418 !important; }
          .card { background-color: #1b2127 !important; border-color: #323b44 !important; }
          .ink, .ink td { color: #eef1f4 !important; }
          .soft, .soft td { color: #a9b4bf !important; }
          .rule { border-color: #323b44 !important; }
          .button td { background-color: #8ab4ff !important; }
          .button a { color: #0b1a33 !important; }
        }
        </style>
        </head>
        <body class="page" style="margin:0;padding:0;background-color:#f3f5f7;-webkit-text-size-adjust:100%;">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">{preview}</div>
        <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f5f7;">
        <tr><td class="outer" align="center" style="padding:32px 16px;">
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;">

        """;

    public static string Brand(string name) =>
        $"<tr><td class=\"soft\" style=\"{Font}padding:0 4px 14px;font-size:15px;line-height:22px;font-weight:600;color:#4a545e;\">{name}</td></tr>\n";

    public static string Heading(string text) => $"""
        <tr><td class="card rule" style="padding:32px;background-color:#ffffff;border:1px solid #dfe4e9;border-radius:10px;">
        <h1 class="ink" style="{Font}margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600;color:#14181c;">{text}</h1>

        """;

    public static string Paragraph(string text) => $"<p class=\"ink\" style=\"{Font}margin:0 0 16px;font-size:15px;line-height:23px;color:#14181c;\">{text}</p>\n";

    public static string Facts(IEnumerable<(string Label, string Value, bool Strong)> facts)
    {
        var rows = facts.Select(fact => $"""
            <tr>
            <td class="soft rule" style="{Font}padding:9px 12px 9px 0;font-size:14px;line-height:20px;color:#4a545e;border-bottom:1px solid #dfe4e9;vertical-align:top;">{fact.Label}</td>
            <td class="ink rule" align="right" style="{Font}padding:9px 0;font-size:14px;line-height:20px;color:#14181c;border-bottom:1px solid #dfe4e9;text-align:right;vertical-align:top;word-break:break-word;font-variant-numeric:tabular-nums;{(fact.Strong ? "font-weight:600;" : "")}">{fact.Value}</td>
            </tr>

            """);
        return $"<table role=\"presentation\" class=\"rule\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:4px 0 24px;border-top:1px solid #dfe4e9;\">\n{string.Concat(rows)}</table>\n";
    }

    public static string Button(string label, string link) => $"""
        <table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px;">
        <tr><td style="background-color:#1d4ed8;border-radius:8px;">
        <a href="{link}" style="{Font}display:inline-block;padding:13px 26px;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;">{label}</a>
        </td></tr>
        </table>

        """;

    public static string Foot(IEnumerable<string> lines) => $"""
        </td></tr>
        <tr><td class="soft" style="{Font}padding:18px 4px 0;font-size:12px;line-height:18px;color:#4a545e;">{string.Join("<br>\n", lines)}</td></tr>
        </table>
        </td></tr>
        </table>
        </body>
        </html>

        """;
}
