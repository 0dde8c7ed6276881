namespace Portal.Core.Access;

/// <summary>Encrypts what must be kept readable for us and for nobody who only has the rows.</summary>
public interface ISecretSeal
{
    string Seal(string secret);

    /// <summary>Null when it was sealed with a key that is gone.</summary>
    string? Open(string sealedSecret);
}
