namespace Portal.Data.Kernel;

/// <summary>The database role that an organisation's sessions step down to: no login, no ownership, held by row-level security.</summary>
public static class TenantRole
{
    public const string Name = "billing_tenant";
}
