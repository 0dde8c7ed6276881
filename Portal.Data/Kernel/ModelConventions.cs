using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Data.Kernel;

/// <summary>What holds for every table: snake_case names, enums as text, no cascade, and the organisation's wall.</summary>
internal static class ModelConventions
{
    /// <summary>The name of the query filter that keeps a session inside its organisation.</summary>
    public const string OrganisationFilter = "organisation";

    public static void Apply(ModelBuilder builder, BillingDbContext context)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            // A part of a JSON column has no columns, keys and names of its own.
            if (entity.IsMappedToJson())
                continue;
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Snake(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName(Snake(key.GetName()!));
            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
                foreignKey.SetConstraintName(Snake(foreignKey.GetConstraintName()!));
            }

            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(Snake(index.GetDatabaseName()!));
            if (entity.ClrType == typeof(Organisation))
                builder.Entity<Organisation>().HasQueryFilter(OrganisationFilter, row => context.OrganisationId == null || row.Id == context.OrganisationId);
            if (typeof(IOrganisationOwned).IsAssignableFrom(entity.ClrType))
                BuildWall(builder, entity, context);
        }
    }

    // The filter answers "not found" for what belongs to somebody else; the concurrency token stops a stub that was
    // attached by id from changing another organisation's row.
    private static void BuildWall(ModelBuilder builder, IMutableEntityType entity, BillingDbContext context)
    {
        var row = Expression.Parameter(entity.ClrType, "row");
        var session = Expression.Constant(context);
        var unscoped = Expression.Equal(
            Expression.Property(session, nameof(BillingDbContext.OrganisationId)),
            Expression.Constant(null, typeof(Guid?)));
        var own = Expression.Equal(
            Expression.Convert(Expression.Property(row, nameof(IOrganisationOwned.OrganisationId)), typeof(Guid?)),
            Expression.Property(session, nameof(BillingDbContext.OrganisationId)));
        builder.Entity(entity.ClrType).HasQueryFilter(OrganisationFilter, Expression.Lambda(Expression.OrElse(unscoped, own), row));
        var owner = entity.FindProperty(nameof(IOrganisationOwned.OrganisationId))!;
        if (!owner.IsPrimaryKey())
            owner.IsConcurrencyToken = true;
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Replace("~", "", StringComparison.Ordinal)).Replace("__", "_", StringComparison.Ordinal);
}
