namespace Portal.Core.Access;

/// <summary>The roles that ship with the product; written at every start so that a new permission reaches them.</summary>
public static class SystemRoles
{
    public static readonly Guid Admin = new("01900000-0000-7000-8000-000000000001");
    public static readonly Guid Operator = new("01900000-0000-7000-8000-000000000002");
    public static readonly Guid Viewer = new("01900000-0000-7000-8000-000000000003");
    public static readonly Guid Owner = new("01900000-0000-7000-8000-000000000011");
    public static readonly Guid OrganisationAdmin = new("01900000-0000-7000-8000-000000000012");
    public static readonly Guid Billing = new("01900000-0000-7000-8000-000000000013");
    public static readonly Guid Member = new("01900000-0000-7000-8000-000000000014");

    private static readonly string[] s_customerRead =
        [Permissions.ProjectsRead, Permissions.KeysRead, Permissions.UsageRead, Permissions.SupportRead, Permissions.SupportWrite];

    private static readonly string[] s_customerBilling =
        [Permissions.OrganisationsRead, Permissions.UsageRead, Permissions.InvoicesRead, Permissions.InvoicesPay, Permissions.PaymentsRead, Permissions.PlansRead, Permissions.SubscriptionsRead, Permissions.CreditsRead, Permissions.DiscountsRead, Permissions.SupportRead, Permissions.SupportWrite];

    private static readonly string[] s_customerAll =
        [.. s_customerRead.Union(s_customerBilling), Permissions.ProjectsWrite, Permissions.KeysWrite, Permissions.OrganisationsWrite, Permissions.PeopleRead, Permissions.PeopleWrite, Permissions.SubscriptionsWrite, Permissions.AuditRead];

    public static IReadOnlyList<Role> All { get; } =
    [
        Role.System(Admin, RoleKind.Platform, "admin", "Full access, including people and settings", Permissions.All.Except([Permissions.InvoicesPay])),
        Role.System(Operator, RoleKind.Platform, "operator", "Runs billing; no access to people or settings",
            Permissions.All.Except([Permissions.InvoicesPay, Permissions.PeopleWrite, Permissions.SettingsWrite])),
        Role.System(Viewer, RoleKind.Platform, "viewer", "Read-only access to everything",
            Permissions.All.Where(permission => permission.EndsWith(":read", StringComparison.Ordinal))),
        Role.System(Owner, RoleKind.Organisation, "owner", "Full access to the organisation", s_customerAll),
        Role.System(OrganisationAdmin, RoleKind.Organisation, "admin", "Projects, keys, people and billing", s_customerAll),
        Role.System(Billing, RoleKind.Organisation, "billing", "Views and pays invoices", s_customerBilling),
        Role.System(Member, RoleKind.Organisation, "member", "Views projects, keys and usage", s_customerRead),
    ];
}
