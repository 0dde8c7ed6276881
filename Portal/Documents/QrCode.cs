using QRCoder;

namespace Portal.Documents;

/// <summary>The QR code of a pay link.</summary>
internal static class QrCode
{
    /// <exception cref="ArgumentException">The link is not an absolute http or https address of at most 1,000 characters.</exception>
    public static SheetPay Of(Uri link)
    {
        if (!link.IsAbsoluteUri || (link.Scheme != Uri.UriSchemeHttps && link.Scheme != Uri.UriSchemeHttp) || link.AbsoluteUri.Length > 1000)
            throw new ArgumentException("A pay link is an absolute http or https address of at most 1,000 characters.", nameof(link));
        using var data = QRCodeGenerator.GenerateQrCode(link.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        // A quiet zone comes from the white paper around it.
        var svg = code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: false, SvgQRCode.SizingMode.WidthHeightAttribute);
        return new(link.AbsoluteUri, svg);
    }
}
