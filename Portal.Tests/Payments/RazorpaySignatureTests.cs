using System.Text;
using Portal.Payments.Razorpay;
using Portal.Tests.Payments.Support;

namespace Portal.Tests.Payments;

/// <summary>Vectors from the tests of Razorpay's own SDKs, but for the last, which was computed apart.</summary>
public sealed class RazorpaySignatureTests
{
    private const string K2 = "EnLs21M47BllR3X8PSFtjtbd";

    public static TheoryData<string, string, string, string> Vectors => new()
    {
        { "V1", "123456", """{"a":1,"b":2,"c":{"d":3}}""", "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc" },
        { "V2", K2, "order_IEIaMR65cu6nz3|pay_IH4NVgf4Dreq1l", "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f" },
        { "V3", K2, "pay_IDZNwZZFtnjyym|sub_ID6MOhgkcoHj9I", "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693" },
        { "V4", K2, "plink_IH3cNucfVEgV68|TSsd1989|paid|pay_IH3d0ara9bSsjQ", "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b" },
        { "V5", "chosen_webhook_secret", "order_123456789|pay_1234567890", "0c24222f628d6c36a0bd4604537228b9bae972d3986dc89172c60abafbd3c232" },
        { "V6", "key_secret", "fake_order_id|fake_payment_id", "b2335e3b0801106b84a7faff035df56ecffde06918c9ddd1f0fafbb37a51cc89" },
        { "V7", "key_secret", "fake_other_id|fake_payment_id", "965ee2de4c5c4e6f006fb0a5a1736d992e5d4d52f9fe10b98c9b97ee169ebe18" },
        { "V8", "key_secret", "fake_payment_id|fake_other_id", "3dabcab8ca113e7994cf78c80f8d50974ddfb2d380029743f30a6d67934cd845" },
        { "V9", "key_secret", "fake_razorpay_payment_link_id|fake_reference_id|paid|pay_IH3d0ara9bSsjQ", "b8a6acda585c9b74e9da393c7354c7e685e37e69d30ae654730f042e674e0283" },
        { "V13", "123456", """{"name":"Achu ₹ മലയാളം"}""", "2f14a9338b373c6626fa6a6b0788143d7c6aee0b759f5bdb8920f137e1d597b2" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_published_vector_is_reproduced_and_accepted(string name, string secret, string message, string signature)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        RazorpaySignature.Of(bytes, secret).ShouldBe(signature, name);
        RazorpaySignature.IsValid(bytes, secret, signature).ShouldBeTrue(name);
        RazorpaySignature.IsValid(bytes, secret + "x", signature).ShouldBeFalse(name);
        RazorpaySignature.IsValid([.. bytes, (byte)' '], secret, signature).ShouldBeFalse(name);
    }

    [Fact]
    public void A_signature_over_text_that_lost_its_letters_is_refused()
    {
        const string Message = """{"name":"Achu ₹ മലയാളം"}""";
        var asAscii = RazorpaySignature.Of(Encoding.ASCII.GetBytes(Message), "123456");
        asAscii.ShouldStartWith("1142a74a");
        RazorpaySignature.IsValid(Encoding.UTF8.GetBytes(Message), "123456", asAscii).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50")]
    [InlineData("0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50ff")]
    [InlineData("zd4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f")]
    [InlineData("0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f")]
    public void A_malformed_signature_is_refused(string? signature) =>
        RazorpaySignature.IsCheckoutValid("order_IEIaMR65cu6nz3", "pay_IH4NVgf4Dreq1l", K2, signature).ShouldBeFalse();

    [Fact]
    public void An_empty_secret_signs_nothing() => RazorpaySignature.IsValid("x"u8, "", RazorpaySignature.Of("x"u8, "")).ShouldBeFalse();

    [Fact]
    public void The_gateway_accepts_the_checkout_only_for_the_very_order_and_payment()
    {
        using var gateways = new Gateways("http://127.0.0.1:9");
        const string Signature = "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f";
        gateways.Gateway.IsCheckoutSignatureValid("order_IEIaMR65cu6nz3", "pay_IH4NVgf4Dreq1l", Signature).ShouldBeTrue();
        gateways.Gateway.IsCheckoutSignatureValid("order_IEIaMR65cu6nz4", "pay_IH4NVgf4Dreq1l", Signature).ShouldBeFalse();
        gateways.Gateway.IsCheckoutSignatureValid("order_IEIaMR65cu6nz3", "pay_IH4NVgf4Dreq1m", Signature).ShouldBeFalse();
        gateways.Gateway.IsCheckoutSignatureValid("pay_IH4NVgf4Dreq1l", "order_IEIaMR65cu6nz3", Signature).ShouldBeFalse();
        gateways.Gateway.IsCheckoutSignatureValid("", "", RazorpaySignature.OfCheckout("", "", K2)).ShouldBeFalse();
    }

    [Fact]
    public void A_webhook_signed_with_the_previous_secret_is_accepted_while_that_is_configured()
    {
        var body = Encoding.UTF8.GetBytes("""{"event":"order.paid"}""");
        var old = RazorpaySignature.Of(body, "the one before");
        using var without = new Gateways("http://127.0.0.1:9");
        without.Gateway.IsWebhookSignatureValid(body, old).ShouldBeFalse();
        without.Gateway.IsWebhookSignatureValid(body, RazorpaySignature.Of(body, "")).ShouldBeFalse();
        without.Gateway.IsWebhookSignatureValid(body, RazorpaySignature.Of(body, "123456")).ShouldBeTrue();
        using var with = new Gateways("http://127.0.0.1:9", more: ("Razorpay:PreviousWebhookSecret", "the one before"));
        with.Gateway.IsWebhookSignatureValid(body, old).ShouldBeTrue();
    }
}
