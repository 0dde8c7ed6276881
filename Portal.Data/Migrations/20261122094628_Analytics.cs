using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Analytics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "analytics_marks",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    kept_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_analytics_marks", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "cohort_months",
                columns: table => new
                {
                    cohort = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    since = table.Column<int>(type: "integer", nullable: false),
                    retained = table.Column<int>(type: "integer", nullable: false),
                    revenue = table.Column<decimal>(type: "numeric", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cohort_months", x => new { x.cohort, x.currency, x.since });
                });

            migrationBuilder.CreateTable(
                name: "mrr_months",
                columns: table => new
                {
                    month = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mrr_months", x => new { x.month, x.currency, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "mrr_movements",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    mrr_after = table.Column<decimal>(type: "numeric", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    month = table.Column<int>(type: "integer", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    cause_key = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mrr_movements", x => x.id);
                    table.CheckConstraint("mrr_movements_amount_check", "CASE WHEN kind IN ('contraction', 'churn') THEN amount < 0 ELSE amount > 0 END AND mrr_after >= 0 AND (kind = 'churn') = (mrr_after = 0)");
                    table.CheckConstraint("mrr_movements_kind_check", "kind IN ('new', 'expansion', 'contraction', 'churn', 'reactivation')");
                    table.CheckConstraint("mrr_movements_month_check", "month = extract(year FROM day)::int * 12 + extract(month FROM day)::int - 1");
                    table.ForeignKey(
                        name: "fk_mrr_movements_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mrr_positions",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    mrr = table.Column<decimal>(type: "numeric", nullable: false),
                    trial_mrr = table.Column<decimal>(type: "numeric", nullable: false),
                    movements = table.Column<int>(type: "integer", nullable: false),
                    decimals = table.Column<int>(type: "integer", nullable: false),
                    looked_on = table.Column<DateOnly>(type: "date", nullable: false),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mrr_positions", x => new { x.organisation_id, x.currency });
                    table.CheckConstraint("mrr_positions_amounts_check", "mrr >= 0 AND trial_mrr >= 0");
                    table.ForeignKey(
                        name: "fk_mrr_positions_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "organisation_revenue_months",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    month = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation_revenue_months", x => new { x.month, x.organisation_id, x.currency });
                    table.ForeignKey(
                        name: "fk_organisation_revenue_months_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "revenue_months",
                columns: table => new
                {
                    month = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    metric_name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    lines = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_revenue_months", x => new { x.month, x.currency, x.country, x.metric_name, x.unit, x.plan_id });
                });

            migrationBuilder.CreateTable(
                name: "simulations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    draft = table.Column<string>(type: "jsonb", nullable: false),
                    first_month = table.Column<int>(type: "integer", nullable: false),
                    last_month = table.Column<int>(type: "integer", nullable: false),
                    priced_on = table.Column<DateOnly>(type: "date", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cliff_percent = table.Column<decimal>(type: "numeric", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    done = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    started_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    planned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_simulations", x => x.id);
                    table.CheckConstraint("simulations_kind_check", "kind IN ('price', 'plan')");
                    table.CheckConstraint("simulations_months_check", "last_month - first_month BETWEEN 0 AND 11");
                    table.CheckConstraint("simulations_state_check", "state IN ('queued', 'running', 'completed', 'failed', 'cancelled')");
                    table.ForeignKey(
                        name: "fk_simulations_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "simulation_results",
                columns: table => new
                {
                    simulation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: true),
                    current = table.Column<decimal>(type: "numeric", nullable: false),
                    simulated = table.Column<decimal>(type: "numeric", nullable: false),
                    difference = table.Column<decimal>(type: "numeric", nullable: false, computedColumnSql: "simulated - current", stored: true),
                    percent = table.Column<decimal>(type: "numeric", nullable: true, computedColumnSql: "CASE WHEN current > 0 THEN round((simulated - current) * 100 / current, 2) END", stored: true),
                    months = table.Column<string>(type: "jsonb", nullable: false),
                    unpriced = table.Column<int>(type: "integer", nullable: false),
                    jump = table.Column<string>(type: "jsonb", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_simulation_results", x => new { x.simulation_id, x.organisation_id });
                    table.CheckConstraint("simulation_results_currency_check", "currency ~ '^[A-Z]{3}$' AND (state <> 'done' OR currency IS NOT NULL)");
                    table.CheckConstraint("simulation_results_reason_check", "(state = 'failed') = (reason IS NOT NULL)");
                    table.CheckConstraint("simulation_results_state_check", "state IN ('pending', 'done', 'failed')");
                    table.ForeignKey(
                        name: "fk_simulation_results_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_simulation_results_simulations_simulation_id",
                        column: x => x.simulation_id,
                        principalTable: "simulations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_mrr_movements_cause_key",
                table: "mrr_movements",
                column: "cause_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mrr_movements_month_currency_kind",
                table: "mrr_movements",
                columns: new[] { "month", "currency", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_mrr_movements_organisation_id",
                table: "mrr_movements",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_organisation_revenue_months_organisation_id",
                table: "organisation_revenue_months",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_simulation_results_organisation_id",
                table: "simulation_results",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_simulation_results_simulation_id_currency_difference",
                table: "simulation_results",
                columns: new[] { "simulation_id", "currency", "difference" });

            migrationBuilder.CreateIndex(
                name: "ix_simulations_lease_until",
                table: "simulations",
                column: "lease_until",
                filter: "state IN ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "ix_simulations_organisation_id",
                table: "simulations",
                column: "organisation_id");

            migrationBuilder.Run("analytics");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
