using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Projects;

/// <summary>A project's facts. <paramref name="IsActive"/> false: its keys are refused.</summary>
public sealed record ProjectFacts(string Name, string? Description, bool IsActive = true);

/// <summary>Creates and changes projects.</summary>
public sealed class SaveProject(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>invalid</c> by field, or <c>name_taken</c>.</summary>
    public async Task<Result<Project>> CreateAsync(CallContext call, Guid organisationId, ProjectFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.ProjectsWrite))
            return Failure.Forbidden();
        facts = Tidy(facts);
        if (Check(facts) is { Count: > 0 } failures)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (!await db.Organisations.AnyAsync(organisation => organisation.Id == organisationId, cancellationToken))
            return Failure.NotFound("organisation");
        var project = Project.Create(organisationId, facts.Name, facts.Description, now);
        db.Projects.Add(project);
        db.Audit(call, new AuditRecord("project.created", "project", project.Id, organisationId, After: facts), now);
        return await CommitAsync(db, project, cancellationToken);
    }

    /// <summary>Fails with <c>not_found</c>, <c>invalid</c> by field, or <c>name_taken</c>.</summary>
    public async Task<Result<Project>> ChangeAsync(CallContext call, Guid id, ProjectFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.ProjectsWrite))
            return Failure.Forbidden();
        facts = Tidy(facts);
        if (Check(facts) is { Count: > 0 } failures)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Project>(id, cancellationToken) is not { } project)
            return Failure.NotFound("project");
        var before = new ProjectFacts(project.Name, project.Description, project.IsActive);
        project.Change(facts.Name, facts.Description, facts.IsActive, now);
        db.Audit(call, new AuditRecord("project.changed", "project", id, project.OrganisationId, before, facts), now);
        return await CommitAsync(db, project, cancellationToken);
    }

    private static async Task<Result<Project>> CommitAsync(IBillingDb db, Project project, CancellationToken cancellationToken)
    {
        try
        {
            await db.CommitAsync(cancellationToken);
            return project;
        }
        catch (UniqueViolationException)
        {
            return new Failure(FailureKind.Conflict, "name_taken", "Another project in this organisation has this name.", "name");
        }
    }

    private static ProjectFacts Tidy(ProjectFacts facts) => facts with
    {
        Name = facts.Name.Trim(),
        Description = string.IsNullOrWhiteSpace(facts.Description) ? null : facts.Description.Trim(),
    };

    private static List<Failure> Check(ProjectFacts facts)
    {
        var failures = new List<Failure>();
        if (facts.Name.Length is 0 or > 100)
            failures.Add(Failure.Invalid("name", "Enter a name of 1 to 100 characters."));
        if (facts.Description is { Length: > 1000 })
            failures.Add(Failure.Invalid("description", "At most 1,000 characters."));
        return failures;
    }
}
