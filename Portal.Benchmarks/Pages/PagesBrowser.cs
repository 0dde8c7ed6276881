using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Portal.Benchmarks.Pages;

/// <summary>Asks for pages as a browser does whose person has signed in, one at a time.</summary>
internal sealed partial class PagesBrowser : IDisposable
{
    private readonly HttpClient _http;

    private PagesBrowser(IPEndPoint portal) => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{portal}") };

    /// <summary>A browser that nobody has signed in with.</summary>
    public static PagesBrowser Open(IPEndPoint portal) => new(portal);

    public static async Task<PagesBrowser> SignInAsync(IPEndPoint portal, string email, string password)
    {
        var browser = new PagesBrowser(portal);
        var address = new Uri("/account/sign-in", UriKind.Relative);
        var page = await browser._http.GetStringAsync(address);
        // The first form is the one for a password.
        var form = HiddenField().Matches(page[..page.IndexOf("</form>", StringComparison.Ordinal)]).Select(field => KeyValuePair.Create(Attribute(field.Value, "name"), WebUtility.HtmlDecode(Attribute(field.Value, "value")))).ToList();
        using var content = new FormUrlEncodedContent([.. form, new("Form.Email", email), new("Form.Password", password)]);
        using var answer = await browser._http.PostAsync(address, content);
        return answer.StatusCode == HttpStatusCode.Found ? browser : throw new InvalidOperationException($"{email} could not sign in: {(int)answer.StatusCode}.");
    }

    /// <summary>Asks for a page under a trace of its own, and says which.</summary>
    public async Task<(string Trace, string Html)> GetAsync(string path)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        using var answer = await _http.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK ? (trace, html) : throw new InvalidOperationException($"{path} was answered {(int)answer.StatusCode}.");
    }

    public void Dispose() => _http.Dispose();

    private static string Attribute(string tag, string name) => Regex.Match(tag, $"{name}=\"([^\"]*)\"", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Groups[1].Value;

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HiddenField();
}
