using Portal.Access;

namespace Portal.Tests.Access;

public sealed class AddressTests
{
    private static readonly Guid s_id = new("01a1fc25-f75f-744f-9e37-4cece68fa14d");

    [Theory]
    [InlineData("/o/01a1fc25-f75f-744f-9e37-4cece68fa14d")]
    [InlineData("o/01a1fc25-f75f-744f-9e37-4cece68fa14d/projects?q=1")]
    [InlineData("/O/01A1FC25-F75F-744F-9E37-4CECE68FA14D/projects#keys")]
    public void A_customer_s_address_names_its_organisation(string path) => PortalPath.OrganisationOf(path).ShouldBe(s_id);

    [Theory]
    [InlineData("/admin/organisations/01a1fc25-f75f-744f-9e37-4cece68fa14d")]
    [InlineData("/o/")]
    [InlineData("/o/none")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData(null)]
    public void Any_other_address_names_none(string? path) => PortalPath.OrganisationOf(path).ShouldBeNull();

    [Theory]
    [InlineData("/admin/organisations?q=acme&sort=name")]
    [InlineData("/")]
    public void A_path_of_the_portal_is_returned_to(string url) => LocalUrl.OrStart(url).ShouldBe(url);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://evil.example.com/")]
    [InlineData("//evil.example.com")]
    [InlineData("/\\evil.example.com")]
    [InlineData("/\t/evil.example.com")]
    [InlineData("/\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)")]
    [InlineData("admin")]
    [InlineData("/account/sign-out")]
    public void Anything_else_leads_to_the_start(string? url) => LocalUrl.OrStart(url).ShouldBe("/");
}
