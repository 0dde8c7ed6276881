using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class PrepaidDocuments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "prepaid_releases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: false),
                    transaction_id = table.Column<Guid>(type: "uuid", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_releases", x => x.id);
                    table.CheckConstraint("prepaid_releases_amount_check", "amount <> 0");
                    table.ForeignKey(
                        name: "fk_prepaid_releases_ledger_transactions_transaction_id",
                        column: x => x.transaction_id,
                        principalTable: "ledger_transactions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_prepaid_releases_prepaid_purchases_organisation_id_purchase",
                        columns: x => new { x.organisation_id, x.purchase_id },
                        principalTable: "prepaid_purchases",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "prepaid_voucher_files",
                columns: table => new
                {
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prepaid_voucher_files", x => x.purchase_id);
                    table.CheckConstraint("prepaid_voucher_files_sha256_check", "sha256 = sha256(content)");
                    table.ForeignKey(
                        name: "fk_prepaid_voucher_files_prepaid_purchases_organisation_id_pur",
                        columns: x => new { x.organisation_id, x.purchase_id },
                        principalTable: "prepaid_purchases",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_movements_organisation_id_created_at",
                table: "prepaid_movements",
                columns: new[] { "organisation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_releases_organisation_id_purchase_id",
                table: "prepaid_releases",
                columns: new[] { "organisation_id", "purchase_id" });

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_releases_purchase_id",
                table: "prepaid_releases",
                column: "purchase_id");

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_releases_transaction_id",
                table: "prepaid_releases",
                column: "transaction_id");

            migrationBuilder.CreateIndex(
                name: "ix_prepaid_voucher_files_organisation_id_purchase_id",
                table: "prepaid_voucher_files",
                columns: new[] { "organisation_id", "purchase_id" });

            migrationBuilder.Run("prepaid_documents");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
