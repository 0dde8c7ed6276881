using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Core.Access;

namespace Portal.Access;

/// <summary>Seals with the key ring that signs cookies, too.</summary>
internal sealed class SecretSeal(IDataProtectionProvider protection) : ISecretSeal
{
    private readonly IDataProtector _protector = protection.CreateProtector("billing.second-factor.v1");

    public string Seal(string secret) => _protector.Protect(secret);

    public string? Open(string sealedSecret)
    {
        try
        {
            return _protector.Unprotect(sealedSecret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
