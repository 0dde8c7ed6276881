namespace Portal.Access;

/// <summary>Which part of the portal an address belongs to: <c>/o/{organisation}/...</c> is a customer's, everything else staff's.</summary>
public static class PortalPath
{
    /// <summary>The organisation that a path selects, or null. Only a selector: whether the person belongs to it is another question.</summary>
    /// <param name="path">With or without a leading slash; query and fragment are left out of account.</param>
    public static Guid? OrganisationOf(string? path)
    {
        var rest = path.AsSpan().TrimStart('/');
        if (!rest.StartsWith("o/", StringComparison.OrdinalIgnoreCase))
            return null;
        rest = rest[2..];
        var end = rest.IndexOfAny('/', '?', '#');
        return Guid.TryParse(end < 0 ? rest : rest[..end], out var id) ? id : null;
    }

    /// <summary>The front page of a customer's portal.</summary>
    public static string Customer(Guid organisationId) => $"/o/{organisationId}";
}
