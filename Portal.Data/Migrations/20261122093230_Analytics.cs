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
