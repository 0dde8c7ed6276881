using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Organisations;
using Portal.Core.Plans;

namespace Portal.Data.Plans;

internal sealed class PlanConfiguration : IEntityTypeConfiguration<Plan>
{
    public void Configure(EntityTypeBuilder<Plan> builder)
    {
        builder.ToTable("plans", table =>
        {
            table.HasCheckConstraint("plans_code_check", "code ~ '^[a-z0-9_-]{1,50}$'");
            table.HasCheckConstraint("plans_amounts_check", "price_amount >= 0 AND minimum_commitment > 0 AND included_credits >= 0");
            table.HasCheckConstraint("plans_currency_check", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("plans_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
            table.HasCheckConstraint("plans_limits_check", "trial_period_days BETWEEN 0 AND 730 AND max_users >= 1");
            table.HasCheckConstraint("plans_hsn_sac_check", "hsn_sac ~ '^[0-9]{4,8}$'");
        });
        builder.Property(plan => plan.Features).HasColumnType("text[]");
        builder.Ignore(plan => plan.Cycle);
        builder.HasIndex(plan => plan.Code).IsUnique();
        builder.HasIndex(plan => plan.Name).IsUnique();
        builder.HasIndex(plan => plan.ProviderPriceId).IsUnique();
    }
}

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.ToTable("subscriptions", table =>
        {
            table.HasCheckConstraint("subscriptions_status_check", "status IN ('trialing', 'active', 'past_due', 'cancelled', 'expired')");
            table.HasCheckConstraint("subscriptions_days_check", "ends_on >= starts_on AND trial_ends_on > starts_on");
            table.HasCheckConstraint("subscriptions_period_check", "current_period_end > current_period_start");
            table.HasCheckConstraint("subscriptions_trial_check", "trial_end > trial_start AND num_nonnulls(trial_start, trial_end, trial_ends_on) IN (0, 3)");
            table.HasCheckConstraint("subscriptions_cancelled_check", "(NOT cancel_at_period_end OR cancelled_at IS NOT NULL) AND (cancelled_at IS NULL OR ends_on IS NOT NULL) AND (status NOT IN ('cancelled', 'expired') OR ends_on IS NOT NULL)");
            table.HasCheckConstraint("subscriptions_metadata_check", "jsonb_typeof(metadata) = 'object'");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(subscription => subscription.OrganisationId);
        builder.HasOne<Plan>().WithMany().HasForeignKey(subscription => subscription.PlanId);
        builder.HasMany(subscription => subscription.Phases).WithOne()
            .HasForeignKey(phase => new { phase.OrganisationId, phase.SubscriptionId })
            .HasPrincipalKey(subscription => new { subscription.OrganisationId, subscription.Id });
        builder.Property(subscription => subscription.Metadata).HasColumnType("jsonb");
        builder.Ignore(subscription => subscription.IsOver);
        builder.HasIndex(subscription => subscription.ProviderSubscriptionId).IsUnique();
        // Who has a plan.
        builder.HasIndex(subscription => new { subscription.PlanId, subscription.Status });
    }
}

internal sealed class SubscriptionPhaseConfiguration : IEntityTypeConfiguration<SubscriptionPhase>
{
    public void Configure(EntityTypeBuilder<SubscriptionPhase> builder)
    {
        builder.ToTable("subscription_phases", table =>
        {
            table.HasCheckConstraint("subscription_phases_days_check", "ends_on >= starts_on");
            table.HasCheckConstraint("subscription_phases_amounts_check", "fee >= 0 AND minimum_commitment > 0 AND currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("subscription_phases_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
        });
        // Given by the application: one that is found beside its subscription is new.
        builder.Property(phase => phase.Id).ValueGeneratedNever();
        builder.HasOne<Plan>().WithMany().HasForeignKey(phase => phase.PlanId);
        builder.Ignore(phase => phase.Cycle);
        builder.Ignore(phase => phase.ChargedFrom);
        builder.Ignore(phase => phase.Terms);
    }
}

internal sealed class ServiceConfiguration : IEntityTypeConfiguration<Service>
{
    public void Configure(EntityTypeBuilder<Service> builder)
    {
        builder.ToTable("services", table =>
        {
            table.HasCheckConstraint("services_status_check", "status IN ('active', 'suspended', 'cancelled') AND (status = 'cancelled') = (cancelled_on IS NOT NULL)");
            table.HasCheckConstraint("services_amounts_check", "quantity > 0 AND unit_price >= 0 AND currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("services_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
            table.HasCheckConstraint("services_days_check", "cancelled_on >= activated_on AND anchor_on <= activated_on");
            table.HasCheckConstraint("services_suspended_check", "NOT is_suspended_with_account OR status = 'suspended'");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(service => service.OrganisationId);
        builder.HasMany(service => service.Phases).WithOne()
            .HasForeignKey(phase => new { phase.OrganisationId, phase.ServiceId })
            .HasPrincipalKey(service => new { service.OrganisationId, service.Id });
        builder.Ignore(service => service.Fee);
        builder.Ignore(service => service.Cycle);
        // A thing is in one service that is not over.
        builder.HasIndex(service => new { service.OrganisationId, service.Type, service.Serial }).IsUnique().HasFilter("status <> 'cancelled' AND serial IS NOT NULL");
    }
}

internal sealed class ServicePhaseConfiguration : IEntityTypeConfiguration<ServicePhase>
{
    public void Configure(EntityTypeBuilder<ServicePhase> builder)
    {
        builder.ToTable("service_phases", table =>
        {
            table.HasCheckConstraint("service_phases_days_check", "ends_on >= starts_on");
            table.HasCheckConstraint("service_phases_amounts_check", "quantity > 0 AND unit_price >= 0");
        });
        builder.Property(phase => phase.Id).ValueGeneratedNever();
    }
}
