using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class PlansAndCredits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ledger_entries_account_check",
                table: "ledger_entries");

            migrationBuilder.DropCheckConstraint(
                name: "late_usage_credits_amount_check",
                table: "late_usage_credits");

            migrationBuilder.DropCheckConstraint(
                name: "invoice_lines_amount_check",
                table: "invoice_lines");

            migrationBuilder.DropCheckConstraint(
                name: "invoice_lines_kind_check",
                table: "invoice_lines");

            migrationBuilder.DropCheckConstraint(
                name: "invoice_lines_tax_check",
                table: "invoice_lines");

            migrationBuilder.AlterColumn<Guid>(
                name: "invoice_id",
                table: "payment_orders",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<Guid>(
                name: "prepaid_purchase_id",
                table: "payment_orders",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "discount",
                table: "late_usage_credits",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AlterColumn<Guid>(
                name: "price_id",
                table: "invoice_lines",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<string>(
                name: "charge_key",
                table: "invoice_lines",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "discount",
                table: "invoice_lines",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<DateOnly>(
                name: "service_from",
                table: "invoice_lines",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "service_phase_id",
                table: "invoice_lines",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "service_to",
                table: "invoice_lines",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "subscription_phase_id",
                table: "invoice_lines",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "credit_costs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    category = table.Column<string>(type: "text", nullable: true),
                    metric_name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    credits_per_unit = table.Column<decimal>(type: "numeric", nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: false),
                    effective_to = table.Column<DateOnly>(type: "date", nullable: true),
                    metadata = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_costs", x => x.id);
                    table.CheckConstraint("credit_costs_cost_check", "credits_per_unit > 0 AND scale(trim_scale(credits_per_unit)) <= 6");
                    table.CheckConstraint("credit_costs_effective_check", "effective_to > effective_from");
                });

            migrationBuilder.CreateTable(
                name: "credit_products",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    credits = table.Column<decimal>(type: "numeric", nullable: false),
                    price = table.Column<decimal>(type: "numeric", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    validity_days = table.Column<int>(type: "integer", nullable: true),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    provider_product_id = table.Column<string>(type: "text", nullable: true),
                    provider_price_id = table.Column<string>(type: "text", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_products", x => x.id);
                    table.CheckConstraint("credit_products_currency_check", "currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("credit_products_hsn_sac_check", "hsn_sac ~ '^[0-9]{4,8}$'");
                    table.CheckConstraint("credit_products_numbers_check", "credits > 0 AND price > 0 AND validity_days > 0");
                });

            migrationBuilder.CreateTable(
                name: "discounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<decimal>(type: "numeric", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: true),
                    metric_name = table.Column<string>(type: "text", nullable: true),
                    unit = table.Column<string>(type: "text", nullable: true),
                    periods = table.Column<int>(type: "integer", nullable: true),
                    redeem_by = table.Column<DateOnly>(type: "date", nullable: true),
                    max_redemptions = table.Column<int>(type: "integer", nullable: true),
                    redemptions = table.Column<int>(type: "integer", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_discounts", x => x.id);
                    table.CheckConstraint("discounts_bounds_check", "periods >= 1 AND max_redemptions >= 1");
                    table.CheckConstraint("discounts_code_check", "code ~ '^[A-Z0-9][A-Z0-9-]{3,39}$'");
                    table.CheckConstraint("discounts_currency_check", "(kind = 'amount') = (currency IS NOT NULL) AND currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("discounts_kind_check", "kind IN ('percentage', 'amount')");
                    table.CheckConstraint("discounts_line_check", "unit IS NULL OR metric_name IS NOT NULL");
                    table.CheckConstraint("discounts_redemptions_check", "redemptions >= 0 AND redemptions <= max_redemptions");
                    table.CheckConstraint("discounts_value_check", "value > 0 AND (kind <> 'percentage' OR value <= 100)");
                });

            migrationBuilder.CreateTable(
                name: "plans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    price_amount = table.Column<decimal>(type: "numeric", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    interval = table.Column<string>(type: "text", nullable: false),
                    interval_count = table.Column<int>(type: "integer", nullable: false),
                    trial_period_days = table.Column<int>(type: "integer", nullable: false),
                    included_credits = table.Column<decimal>(type: "numeric", nullable: false),
                    max_users = table.Column<int>(type: "integer", nullable: true),
                    features = table.Column<string[]>(type: "text[]", nullable: false),
                    minimum_commitment = table.Column<decimal>(type: "numeric", nullable: true),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    customers_may_change = table.Column<bool>(type: "boolean", nullable: false),
                    customers_may_cancel = table.Column<bool>(type: "boolean", nullable: false),
                    provider_price_id = table.Column<string>(type: "text", nullable: true),
                    provider_product_id = table.Column<string>(type: "text", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plans", x => x.id);
                    table.CheckConstraint("plans_amounts_check", "price_amount >= 0 AND minimum_commitment > 0 AND included_credits >= 0");
                    table.CheckConstraint("plans_code_check", "code ~ '^[a-z0-9_-]{1,50}$'");
                    table.CheckConstraint("plans_currency_check", "currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("plans_hsn_sac_check", "hsn_sac ~ '^[0-9]{4,8}$'");
                    table.CheckConstraint("plans_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
                    table.CheckConstraint("plans_limits_check", "trial_period_days BETWEEN 0 AND 730 AND max_users >= 1");
                });

            migrationBuilder.CreateTable(
                name: "prepaid_coverages",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    month = table.Column<int>(type: "integer", nullable: false),
                    metric_name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    quantity = table.Column<decimal>(type: "numeric", nullable: false),
                    credits = table.Column<decimal>(type: "numeric", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_coverages", x => new { x.organisation_id, x.month, x.metric_name, x.unit });
                    table.CheckConstraint("prepaid_coverages_check", "quantity >= 0 AND credits >= 0");
                    table.ForeignKey(
                        name: "fk_prepaid_coverages_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "prepaid_grants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credits = table.Column<decimal>(type: "numeric", nullable: false),
                    remaining = table.Column<decimal>(type: "numeric", nullable: false),
                    granted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    granted_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_grants", x => x.id);
                    table.UniqueConstraint("ak_prepaid_grants_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("prepaid_grants_expiry_check", "expires_at > granted_at");
                    table.CheckConstraint("prepaid_grants_kind_check", "kind IN ('purchase', 'plan', 'promotional', 'staff')");
                    table.CheckConstraint("prepaid_grants_reason_check", "kind NOT IN ('promotional', 'staff') OR reason IS NOT NULL");
                    table.CheckConstraint("prepaid_grants_remaining_check", "credits > 0 AND remaining >= 0 AND remaining <= credits");
                    table.ForeignKey(
                        name: "fk_prepaid_grants_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "prepaid_wallets",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    balance = table.Column<decimal>(type: "numeric", nullable: false),
                    movements = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_wallets", x => x.organisation_id);
                    table.CheckConstraint("prepaid_wallets_check", "balance >= 0 AND movements >= 0");
                    table.ForeignKey(
                        name: "fk_prepaid_wallets_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "services",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    serial = table.Column<string>(type: "text", nullable: true),
                    quantity = table.Column<decimal>(type: "numeric", nullable: false),
                    unit_price = table.Column<decimal>(type: "numeric", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    interval = table.Column<string>(type: "text", nullable: false),
                    interval_count = table.Column<int>(type: "integer", nullable: false),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    anchor_on = table.Column<DateOnly>(type: "date", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    is_suspended_with_account = table.Column<bool>(type: "boolean", nullable: false),
                    activated_on = table.Column<DateOnly>(type: "date", nullable: false),
                    cancelled_on = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_services", x => x.id);
                    table.UniqueConstraint("ak_services_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("services_amounts_check", "quantity > 0 AND unit_price >= 0 AND currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("services_days_check", "cancelled_on >= activated_on AND anchor_on <= activated_on");
                    table.CheckConstraint("services_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
                    table.CheckConstraint("services_status_check", "status IN ('active', 'suspended', 'cancelled') AND (status = 'cancelled') = (cancelled_on IS NOT NULL)");
                    table.CheckConstraint("services_suspended_check", "NOT is_suspended_with_account OR status = 'suspended'");
                    table.ForeignKey(
                        name: "fk_services_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "prepaid_purchases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credit_product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    product_name = table.Column<string>(type: "text", nullable: false),
                    credits = table.Column<decimal>(type: "numeric", nullable: false),
                    validity_days = table.Column<int>(type: "integer", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    net = table.Column<decimal>(type: "numeric", nullable: false),
                    tax = table.Column<decimal>(type: "numeric", nullable: false),
                    total = table.Column<decimal>(type: "numeric", nullable: false),
                    taxes = table.Column<string>(type: "jsonb", nullable: false),
                    tax_treatment = table.Column<string>(type: "jsonb", nullable: false),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    number = table.Column<string>(type: "text", nullable: true),
                    seller = table.Column<string>(type: "jsonb", nullable: true),
                    customer = table.Column<string>(type: "jsonb", nullable: true),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    bought_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_purchases", x => x.id);
                    table.UniqueConstraint("ak_prepaid_purchases_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("prepaid_purchases_amounts_check", "credits > 0 AND net > 0 AND tax >= 0 AND total = net + tax");
                    table.CheckConstraint("prepaid_purchases_number_check", "number ~ '^[A-Za-z0-9][A-Za-z0-9/-]{0,15}$'");
                    table.CheckConstraint("prepaid_purchases_paid_check", "num_nonnulls(number, seller, customer, payment_id, paid_at) = CASE status WHEN 'paid' THEN 5 ELSE 0 END");
                    table.CheckConstraint("prepaid_purchases_status_check", "status IN ('pending', 'paid')");
                    table.ForeignKey(
                        name: "fk_prepaid_purchases_credit_products_credit_product_id",
                        column: x => x.credit_product_id,
                        principalTable: "credit_products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_prepaid_purchases_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_prepaid_purchases_payments_organisation_id_payment_id",
                        columns: x => new { x.organisation_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "organisation_discounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    discount_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    given_by = table.Column<Guid>(type: "uuid", nullable: true),
                    first_month = table.Column<int>(type: "integer", nullable: false),
                    end_month = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation_discounts", x => x.id);
                    table.CheckConstraint("organisation_discounts_months_check", "end_month >= first_month");
                    table.CheckConstraint("organisation_discounts_source_check", "source IN ('code', 'staff') AND (source = 'code' OR reason IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_organisation_discounts_discounts_discount_id",
                        column: x => x.discount_id,
                        principalTable: "discounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_organisation_discounts_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    term_ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    trial_ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    current_period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    current_period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trial_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trial_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancel_at_period_end = table.Column<bool>(type: "boolean", nullable: false),
                    cancelled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancel_reason = table.Column<string>(type: "text", nullable: true),
                    provider_subscription_id = table.Column<string>(type: "text", nullable: true),
                    provider_customer_id = table.Column<string>(type: "text", nullable: true),
                    metadata = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscriptions", x => x.id);
                    table.UniqueConstraint("ak_subscriptions_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("subscriptions_cancelled_check", "(NOT cancel_at_period_end OR cancelled_at IS NOT NULL) AND (cancelled_at IS NULL OR ends_on IS NOT NULL) AND (status NOT IN ('cancelled', 'expired') OR ends_on IS NOT NULL)");
                    table.CheckConstraint("subscriptions_days_check", "ends_on >= starts_on AND trial_ends_on > starts_on");
                    table.CheckConstraint("subscriptions_metadata_check", "jsonb_typeof(metadata) = 'object'");
                    table.CheckConstraint("subscriptions_period_check", "current_period_end > current_period_start");
                    table.CheckConstraint("subscriptions_status_check", "status IN ('trialing', 'active', 'past_due', 'cancelled', 'expired')");
                    table.CheckConstraint("subscriptions_trial_check", "trial_end > trial_start AND num_nonnulls(trial_start, trial_end, trial_ends_on) IN (0, 3)");
                    table.ForeignKey(
                        name: "fk_subscriptions_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_subscriptions_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "prepaid_movements",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    grant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    balance_after = table.Column<decimal>(type: "numeric", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: true),
                    credit_cost_id = table.Column<Guid>(type: "uuid", nullable: true),
                    metric_name = table.Column<string>(type: "text", nullable: true),
                    unit = table.Column<string>(type: "text", nullable: true),
                    month = table.Column<int>(type: "integer", nullable: true),
                    quantity = table.Column<decimal>(type: "numeric", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    provider_payment_id = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    metadata = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_movements", x => x.id);
                    table.CheckConstraint("prepaid_movements_amount_check", "amount <> 0 AND (amount > 0) = (kind IN ('purchased', 'earned', 'returned')) AND balance_after >= 0");
                    table.CheckConstraint("prepaid_movements_kind_check", "kind IN ('purchased', 'earned', 'consumed', 'returned', 'expired')");
                    table.CheckConstraint("prepaid_movements_usage_check", "num_nonnulls(metric_name, unit, month, quantity) = CASE WHEN kind IN ('consumed', 'returned') THEN 4 ELSE 0 END");
                    table.ForeignKey(
                        name: "fk_prepaid_movements_credit_costs_credit_cost_id",
                        column: x => x.credit_cost_id,
                        principalTable: "credit_costs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_prepaid_movements_prepaid_grants_organisation_id_grant_id",
                        columns: x => new { x.organisation_id, x.grant_id },
                        principalTable: "prepaid_grants",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "service_phases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    service_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    quantity = table.Column<decimal>(type: "numeric", nullable: false),
                    unit_price = table.Column<decimal>(type: "numeric", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_service_phases", x => x.id);
                    table.UniqueConstraint("ak_service_phases_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("service_phases_amounts_check", "quantity > 0 AND unit_price >= 0");
                    table.CheckConstraint("service_phases_days_check", "ends_on >= starts_on");
                    table.ForeignKey(
                        name: "fk_service_phases_services_organisation_id_service_id",
                        columns: x => new { x.organisation_id, x.service_id },
                        principalTable: "services",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "subscription_phases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    subscription_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_name = table.Column<string>(type: "text", nullable: false),
                    fee = table.Column<decimal>(type: "numeric", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    interval = table.Column<string>(type: "text", nullable: false),
                    interval_count = table.Column<int>(type: "integer", nullable: false),
                    minimum_commitment = table.Column<decimal>(type: "numeric", nullable: true),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    anchor_on = table.Column<DateOnly>(type: "date", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscription_phases", x => x.id);
                    table.UniqueConstraint("ak_subscription_phases_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("subscription_phases_amounts_check", "fee >= 0 AND minimum_commitment > 0 AND currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("subscription_phases_days_check", "ends_on >= starts_on");
                    table.CheckConstraint("subscription_phases_interval_check", "\"interval\" IN ('month', 'year') AND interval_count BETWEEN 1 AND 36");
                    table.ForeignKey(
                        name: "fk_subscription_phases_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_subscription_phases_subscriptions_organisation_id_subscript",
                        columns: x => new { x.organisation_id, x.subscription_id },
                        principalTable: "subscriptions",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_prices_plan_id",
                table: "prices",
                column: "plan_id");

            migrationBuilder.CreateIndex(
                name: "ix_payment_orders_organisation_id_prepaid_purchase_id",
                table: "payment_orders",
                columns: new[] { "organisation_id", "prepaid_purchase_id" });

            migrationBuilder.CreateIndex(
                name: "ix_payment_orders_prepaid_purchase_id",
                table: "payment_orders",
                column: "prepaid_purchase_id",
                unique: true,
                filter: "status IN ('intended', 'open', 'unknown')");

            migrationBuilder.AddCheckConstraint(
                name: "payment_orders_subject_check",
                table: "payment_orders",
                sql: "num_nonnulls(invoice_id, prepaid_purchase_id) = 1");

            migrationBuilder.AddCheckConstraint(
                name: "ledger_entries_account_check",
                table: "ledger_entries",
                sql: "account IN ('accounts_receivable', 'revenue', 'tax_payable', 'provider_clearing', 'bank', 'cash_on_hand', 'tds_receivable', 'customer_credit', 'deferred_revenue', 'refunds')");

            migrationBuilder.AddCheckConstraint(
                name: "late_usage_credits_amount_check",
                table: "late_usage_credits",
                sql: "amount >= 0 AND discount >= 0 AND amount + discount > 0");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_lines_organisation_id_charge_key",
                table: "invoice_lines",
                columns: new[] { "organisation_id", "charge_key" },
                filter: "charge_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_invoice_lines_organisation_id_service_phase_id",
                table: "invoice_lines",
                columns: new[] { "organisation_id", "service_phase_id" });

            migrationBuilder.CreateIndex(
                name: "ix_invoice_lines_organisation_id_subscription_phase_id",
                table: "invoice_lines",
                columns: new[] { "organisation_id", "subscription_phase_id" });

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_amount_check",
                table: "invoice_lines",
                sql: "CASE WHEN kind = 'proration_credit' THEN amount <= 0 ELSE amount >= 0 END");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_discount_check",
                table: "invoice_lines",
                sql: "discount >= 0 AND discount <= greatest(charge, 0)");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_kind_check",
                table: "invoice_lines",
                sql: "kind IN ('usage', 'late_usage', 'subscription', 'service', 'proration_credit', 'minimum_commitment')");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_service_check",
                table: "invoice_lines",
                sql: "service_to > service_from AND num_nonnulls(service_from, service_to) IN (0, 2) AND (charge_key IS NULL OR service_from IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_source_check",
                table: "invoice_lines",
                sql: "(price_id IS NULL) = (charge_key IS NOT NULL) AND (charge_key IS NULL) = (kind IN ('usage', 'late_usage')) AND num_nonnulls(subscription_phase_id, service_phase_id) = CASE WHEN charge_key IS NULL THEN 0 ELSE 1 END");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_tax_check",
                table: "invoice_lines",
                sql: "CASE WHEN kind = 'proration_credit' THEN tax_amount <= 0 ELSE tax_amount >= 0 END AND charge = amount + CASE WHEN is_tax_inclusive THEN tax_amount ELSE 0 END");

            migrationBuilder.CreateIndex(
                name: "ix_credit_products_name",
                table: "credit_products",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credit_products_provider_price_id",
                table: "credit_products",
                column: "provider_price_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_discounts_code",
                table: "discounts",
                column: "code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_organisation_discounts_discount_id",
                table: "organisation_discounts",
                column: "discount_id");

            migrationBuilder.CreateIndex(
                name: "ix_organisation_discounts_organisation_id_discount_id",
                table: "organisation_discounts",
                columns: new[] { "organisation_id", "discount_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_plans_code",
                table: "plans",
                column: "code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_plans_name",
                table: "plans",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_plans_provider_price_id",
                table: "plans",
                column: "provider_price_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_grants_kind_source_id",
                table: "prepaid_grants",
                columns: new[] { "kind", "source_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_grants_organisation_id_expires_at",
                table: "prepaid_grants",
                columns: new[] { "organisation_id", "expires_at" },
                filter: "remaining > 0");

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_movements_credit_cost_id",
                table: "prepaid_movements",
                column: "credit_cost_id");

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_movements_organisation_id_grant_id",
                table: "prepaid_movements",
                columns: new[] { "organisation_id", "grant_id" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_movements_organisation_id_month_metric_name_unit",
                table: "prepaid_movements",
                columns: new[] { "organisation_id", "month", "metric_name", "unit" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_movements_organisation_id_sequence",
                table: "prepaid_movements",
                columns: new[] { "organisation_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_purchases_credit_product_id",
                table: "prepaid_purchases",
                column: "credit_product_id");

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_purchases_number",
                table: "prepaid_purchases",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_purchases_organisation_id_id",
                table: "prepaid_purchases",
                columns: new[] { "organisation_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_purchases_organisation_id_payment_id",
                table: "prepaid_purchases",
                columns: new[] { "organisation_id", "payment_id" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_purchases_payment_id",
                table: "prepaid_purchases",
                column: "payment_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_service_phases_organisation_id_service_id",
                table: "service_phases",
                columns: new[] { "organisation_id", "service_id" });

            migrationBuilder.CreateIndex(
                name: "ix_services_organisation_id_type_serial",
                table: "services",
                columns: new[] { "organisation_id", "type", "serial" },
                unique: true,
                filter: "status <> 'cancelled' AND serial IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_subscription_phases_organisation_id_subscription_id",
                table: "subscription_phases",
                columns: new[] { "organisation_id", "subscription_id" });

            migrationBuilder.CreateIndex(
                name: "ix_subscription_phases_plan_id",
                table: "subscription_phases",
                column: "plan_id");

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_plan_id_status",
                table: "subscriptions",
                columns: new[] { "plan_id", "status" });

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_provider_subscription_id",
                table: "subscriptions",
                column: "provider_subscription_id",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_invoice_lines_service_phases_organisation_id_service_phase_",
                table: "invoice_lines",
                columns: new[] { "organisation_id", "service_phase_id" },
                principalTable: "service_phases",
                principalColumns: new[] { "organisation_id", "id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_invoice_lines_subscription_phases_organisation_id_subscript",
                table: "invoice_lines",
                columns: new[] { "organisation_id", "subscription_phase_id" },
                principalTable: "subscription_phases",
                principalColumns: new[] { "organisation_id", "id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_payment_orders_prepaid_purchases_organisation_id_prepaid_pu",
                table: "payment_orders",
                columns: new[] { "organisation_id", "prepaid_purchase_id" },
                principalTable: "prepaid_purchases",
                principalColumns: new[] { "organisation_id", "id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_prices_plans_plan_id",
                table: "prices",
                column: "plan_id",
                principalTable: "plans",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Run("plans");
            migrationBuilder.Run("credits_and_discounts");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
