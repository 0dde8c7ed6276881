using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>A note in a list; <paramref name="IsOwn"/> for who wrote it, and may remove it.</summary>
public sealed record NoteRow(Guid Id, string Text, string AuthorName, bool IsOwn, DateTimeOffset CreatedAt);

/// <summary>The notes about an organisation, newest first. Staff only: to a customer there are none.</summary>
public sealed class ListNotes(IBillingStore store)
{
    /// <summary>Needs <c>organisations:read</c>, as staff.</summary>
    public async Task<Result<PagedList<NoteRow>>> RunAsync(CallContext call, Guid organisationId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.OrganisationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var notes = db.OrganisationNotes.AsNoTracking().Where(note => note.OrganisationId == organisationId);
        int? total = list.WithTotal ? await notes.CountAsync(cancellationToken) : null;
        var rows = await notes.OrderByDescending(note => note.Id).Skip(list.Skip).Take(list.Fetch)
            .Select(note => new NoteRow(note.Id, note.Text, note.AuthorName, note.AuthorId == call.Actor.Id, note.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<NoteRow>.Cut(rows, list, total);
    }
}

/// <summary>Writes a note about an organisation.</summary>
public sealed class WriteNote(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:write</c>, as staff. Invalid <c>text</c>.</summary>
    public async Task<Result<Guid>> RunAsync(CallContext call, Guid organisationId, string? text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (text?.Trim() is not { Length: > 0 and <= OrganisationNote.MaxLength } written)
            return Failure.Invalid("text", $"Write 1 to {OrganisationNote.MaxLength} characters.");
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Organisations.AnyAsync(row => row.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var note = OrganisationNote.Create(organisationId, written, call.Actor, now);
        db.OrganisationNotes.Add(note);
        // Of no organisation: its own people read their audit log, and notes are not theirs.
        db.Audit(call, new AuditRecord("note.written", "organisation_note", note.Id, null, null, new { OrganisationId = organisationId, note.Text }), now);
        await db.CommitAsync(cancellationToken);
        return note.Id;
    }
}

/// <summary>Removes a note: one's own.</summary>
public sealed class RemoveNote(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:write</c>, as staff, and to have written it. Its text stays in the audit log.</summary>
    public async Task<Result<Unit>> RunAsync(CallContext call, Guid noteId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<OrganisationNote>(noteId, cancellationToken) is not { } note)
            return Failure.NotFound("note");
        if (note.AuthorId != call.Actor.Id)
            return Failure.Forbidden("Only the author of a note can remove it.");
        db.OrganisationNotes.Remove(note);
        db.Audit(call, new AuditRecord("note.removed", "organisation_note", note.Id, null, new { note.OrganisationId, note.Text }), now);
        await db.CommitAsync(cancellationToken);
        return default(Unit);
    }
}
