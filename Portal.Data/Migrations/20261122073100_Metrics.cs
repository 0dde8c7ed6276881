using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Metrics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "prices_model_check",
                table: "prices");

            migrationBuilder.DropCheckConstraint(
                name: "prices_unit_price_check",
                table: "prices");

            migrationBuilder.DropIndex(
                name: "ix_metrics_name_unit",
                table: "metrics");

            migrationBuilder.DropIndex(
                name: "ix_invoices_organisation_id_year_month",
                table: "invoices");

            migrationBuilder.DropCheckConstraint(
                name: "invoices_period_check",
                table: "invoices");

            migrationBuilder.AddColumn<decimal>(
                name: "event_fee",
                table: "prices",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<long>(
                name: "free_events",
                table: "prices",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<decimal>(
                name: "free_quantity",
                table: "prices",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "package_size",
                table: "prices",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "rate",
                table: "prices",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "supplement",
                table: "invoices",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "late_only",
                table: "billing_runs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddUniqueConstraint(
                name: "ak_metrics_name_unit",
                table: "metrics",
                columns: new[] { "name", "unit" });

            migrationBuilder.CreateTable(
                name: "late_usage_write_offs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    metric_name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    usage_year = table.Column<int>(type: "integer", nullable: false),
                    usage_month = table.Column<int>(type: "integer", nullable: false),
                    quantity = table.Column<decimal>(type: "numeric", nullable: false),
                    event_count = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    price_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    explanation = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_late_usage_write_offs", x => x.id);
                    table.CheckConstraint("late_usage_write_offs_check", "amount > 0 AND char_length(reason) BETWEEN 1 AND 500");
                    table.ForeignKey(
                        name: "fk_late_usage_write_offs_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_late_usage_write_offs_prices_price_id",
                        column: x => x.price_id,
                        principalTable: "prices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "metric_versions",
                columns: table => new
                {
                    metric_name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    from_month = table.Column<int>(type: "integer", nullable: false),
                    aggregation = table.Column<string>(type: "text", nullable: false),
                    property = table.Column<string>(type: "text", nullable: true),
                    rounding = table.Column<string>(type: "text", nullable: false),
                    decimals = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_metric_versions", x => new { x.metric_name, x.unit, x.from_month });
                    table.CheckConstraint("metric_versions_aggregation_check", "aggregation IN ('sum', 'count', 'max', 'last', 'unique') AND (property IS NOT NULL) = (aggregation = 'unique')");
                    table.CheckConstraint("metric_versions_rounding_check", "rounding IN ('none', 'up', 'down', 'nearest') AND decimals BETWEEN 0 AND 12");
                    table.ForeignKey(
                        name: "fk_metric_versions_metrics_metric_name_unit",
                        columns: x => new { x.metric_name, x.unit },
                        principalTable: "metrics",
                        principalColumns: new[] { "name", "unit" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.AddCheckConstraint(
                name: "prices_model_check",
                table: "prices",
                sql: "model IN ('standard', 'graduated', 'volume', 'package', 'stair_step', 'percentage', 'graduated_percentage')");

            migrationBuilder.AddCheckConstraint(
                name: "prices_package_check",
                table: "prices",
                sql: "package_size > 0 AND free_quantity >= 0 AND (package_size IS NOT NULL) = (model = 'package') AND (free_quantity = 0 OR model IN ('package', 'percentage'))");

            migrationBuilder.AddCheckConstraint(
                name: "prices_percentage_check",
                table: "prices",
                sql: "rate >= 0 AND event_fee >= 0 AND free_events >= 0 AND (rate IS NOT NULL) = (model = 'percentage') AND ((event_fee = 0 AND free_events = 0) OR model = 'percentage')");

            migrationBuilder.AddCheckConstraint(
                name: "prices_unit_price_check",
                table: "prices",
                sql: "unit_price >= 0 AND (unit_price IS NOT NULL) = (model IN ('standard', 'package'))");

            migrationBuilder.CreateIndex(
                name: "ix_invoices_organisation_id_year_month_supplement",
                table: "invoices",
                columns: new[] { "organisation_id", "year", "month", "supplement" },
                unique: true,
                filter: "status <> 'void'");

            migrationBuilder.AddCheckConstraint(
                name: "invoices_period_check",
                table: "invoices",
                sql: "period_end > period_start AND month BETWEEN 1 AND 12 AND supplement >= 0");

            migrationBuilder.CreateIndex(
                name: "ix_late_usage_write_offs_organisation_id_usage_year_usage_month",
                table: "late_usage_write_offs",
                columns: new[] { "organisation_id", "usage_year", "usage_month" });

            migrationBuilder.CreateIndex(
                name: "ix_late_usage_write_offs_price_id",
                table: "late_usage_write_offs",
                column: "price_id");

            migrationBuilder.Run("metrics");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
