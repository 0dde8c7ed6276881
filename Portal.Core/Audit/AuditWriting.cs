using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Audit;

/// <summary>Writes audit rows in the transaction of the change.</summary>
public static class AuditWriting
{
    public static void Audit(this IBillingDb db, CallContext call, AuditRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(db);
        db.AuditLog.Add(AuditEntry.Of(call, record, now));
    }
}
