using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Tax : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "organisations_tax_rate_check",
                table: "organisations");

            migrationBuilder.AddColumn<string>(
                name: "tds_certificate",
                table: "payments",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "tds_rate",
                table: "payments",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "original_amount",
                table: "late_usage_credits",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "original_currency",
                table: "late_usage_credits",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "tax_treatment",
                table: "invoices",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "charge",
                table: "invoice_lines",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "exchange_rate",
                table: "invoice_lines",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "exchange_rate_day",
                table: "invoice_lines",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "exchange_rate_source",
                table: "invoice_lines",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_tax_inclusive",
                table: "invoice_lines",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<decimal>(
                name: "original_amount",
                table: "invoice_lines",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "original_currency",
                table: "invoice_lines",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "tax_amount",
                table: "invoice_lines",
                type: "numeric",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "tax_rate",
                table: "invoice_lines",
                type: "numeric",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "exchange_rates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    base_currency = table.Column<string>(type: "text", nullable: false),
                    target_currency = table.Column<string>(type: "text", nullable: false),
                    rate = table.Column<decimal>(type: "numeric", nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: false),
                    effective_to = table.Column<DateOnly>(type: "date", nullable: true),
                    source = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exchange_rates", x => x.id);
                    table.CheckConstraint("exchange_rates_currency_check", "base_currency ~ '^[A-Z]{3}$' AND target_currency ~ '^[A-Z]{3}$' AND base_currency <> target_currency");
                    table.CheckConstraint("exchange_rates_effective_check", "effective_to > effective_from");
                    table.CheckConstraint("exchange_rates_rate_check", "rate > 0");
                });

            migrationBuilder.CreateTable(
                name: "organisation_tax_profiles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    state_code = table.Column<string>(type: "text", nullable: true),
                    tax_id = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    is_sez = table.Column<bool>(type: "boolean", nullable: false),
                    is_reverse_charge = table.Column<bool>(type: "boolean", nullable: false),
                    exemption_reason = table.Column<string>(type: "text", nullable: true),
                    own_rate = table.Column<decimal>(type: "numeric", nullable: true),
                    own_label = table.Column<string>(type: "text", nullable: true),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: false),
                    effective_to = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation_tax_profiles", x => x.id);
                    table.CheckConstraint("organisation_tax_profiles_country_check", "country ~ '^[A-Z]{2}$'");
                    table.CheckConstraint("organisation_tax_profiles_effective_check", "effective_to > effective_from");
                    table.CheckConstraint("organisation_tax_profiles_own_rate_check", "own_rate BETWEEN 0 AND 100");
                    table.ForeignKey(
                        name: "fk_organisation_tax_profiles_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "seller_tax_profiles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    profile = table.Column<string>(type: "jsonb", nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: false),
                    effective_to = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seller_tax_profiles", x => x.id);
                    table.CheckConstraint("seller_tax_profiles_effective_check", "effective_to > effective_from");
                });

            migrationBuilder.CreateTable(
                name: "tax_rates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    region = table.Column<string>(type: "text", nullable: true),
                    hsn_sac = table.Column<string>(type: "text", nullable: true),
                    label = table.Column<string>(type: "text", nullable: false),
                    rate = table.Column<decimal>(type: "numeric", nullable: false),
                    is_inclusive = table.Column<bool>(type: "boolean", nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: false),
                    effective_to = table.Column<DateOnly>(type: "date", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tax_rates", x => x.id);
                    table.CheckConstraint("tax_rates_country_check", "country ~ '^[A-Z]{2}$'");
                    table.CheckConstraint("tax_rates_effective_check", "effective_to > effective_from");
                    table.CheckConstraint("tax_rates_hsn_sac_check", "hsn_sac ~ '^[0-9]{2,8}$'");
                    table.CheckConstraint("tax_rates_rate_check", "rate BETWEEN 0 AND 100");
                });

            migrationBuilder.AddCheckConstraint(
                name: "payments_tds_check",
                table: "payments",
                sql: "coalesce(tds_rate > 0 AND tds_rate <= 100, true) AND (tds_amount > 0 OR (tds_rate IS NULL AND tds_certificate IS NULL))");

            migrationBuilder.CreateIndex(
                name: "ix_invoices_issued_at",
                table: "invoices",
                column: "issued_at");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_conversion_check",
                table: "invoice_lines",
                sql: "num_nonnulls(original_amount, original_currency, exchange_rate, exchange_rate_day) IN (0, 4)");

            migrationBuilder.CreateIndex(
                name: "ix_organisation_tax_profiles_organisation_id",
                table: "organisation_tax_profiles",
                column: "organisation_id");

            migrationBuilder.Run("tax");

            migrationBuilder.AddCheckConstraint(
                name: "invoice_lines_tax_check",
                table: "invoice_lines",
                sql: "tax_amount >= 0 AND charge = amount + CASE WHEN is_tax_inclusive THEN tax_amount ELSE 0 END");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
