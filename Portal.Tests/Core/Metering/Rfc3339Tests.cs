using System.Text;
using Portal.Core.Metering;

namespace Portal.Tests.Core.Metering;

public class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-03-31T18:29:59Z", "2026-03-31T18:29:59.0000000Z")]
    [InlineData("2026-03-31t18:29:59z", "2026-03-31T18:29:59.0000000Z")]
    [InlineData("2026-03-31T23:59:59.5+05:30", "2026-03-31T18:29:59.5000000Z")]
    [InlineData("2026-03-31T18:29:59.123456789Z", "2026-03-31T18:29:59.1234560Z")]
    [InlineData("2026-03-31T18:29:59.000001-00:00", "2026-03-31T18:29:59.0000010Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000Z")]
    [InlineData("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.0000000Z")]
    public void A_time_with_offset_is_read_into_UTC(string text, string expected)
    {
        Rfc3339.TryRead(Encoding.ASCII.GetBytes(text), out var time).ShouldBeTrue();
        time.UtcDateTime.ToString("O").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-31")]
    [InlineData("2026-03-31T18:29:59")]
    [InlineData("2026-03-31T18:29Z")]
    [InlineData("2026-03-31 18:29:59Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("2026-03-31T24:00:00Z")]
    [InlineData("2026-03-31T23:59:60Z")]
    [InlineData("2026-03-31T18:29:59.Z")]
    [InlineData("2026-03-31T18:29:59.5")]
    [InlineData("2026-03-31T18:29:59+0530")]
    [InlineData("2026-03-31T18:29:59+05:60")]
    [InlineData("2026-03-31T18:29:59+24:00")]
    [InlineData("2026-03-31T18:29:59ZZ")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    [InlineData("9999-12-31T23:59:59-10:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("1700000000000000000000")]
    public void Anything_else_is_refused(string text) => Rfc3339.TryRead(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();
}
