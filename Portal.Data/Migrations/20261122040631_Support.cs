using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Support : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddUniqueConstraint(
                name: "ak_api_keys_organisation_id_id",
                table: "api_keys",
                columns: new[] { "organisation_id", "id" });

            migrationBuilder.CreateTable(
                name: "support_tickets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:IdentitySequenceOptions", "'1001', '1', '', '', 'False', '1'")
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    subject = table.Column<string>(type: "text", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    assignee_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opened_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opened_by_name = table.Column<string>(type: "text", nullable: false),
                    requester_email = table.Column<string>(type: "text", nullable: false),
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: true),
                    api_key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    project_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_message_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_response_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_support_tickets", x => x.id);
                    table.UniqueConstraint("ak_support_tickets_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("support_tickets_category_check", "category IN ('question', 'billing', 'technical', 'account', 'other')");
                    table.CheckConstraint("support_tickets_priority_check", "priority IN ('low', 'normal', 'high', 'urgent')");
                    table.CheckConstraint("support_tickets_resolved_check", "(status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)");
                    table.CheckConstraint("support_tickets_status_check", "status IN ('open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed')");
                    table.CheckConstraint("support_tickets_subject_check", "char_length(subject) BETWEEN 1 AND 200");
                    table.ForeignKey(
                        name: "fk_support_tickets_api_keys_organisation_id_api_key_id",
                        columns: x => new { x.organisation_id, x.api_key_id },
                        principalTable: "api_keys",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_tickets_invoices_organisation_id_invoice_id",
                        columns: x => new { x.organisation_id, x.invoice_id },
                        principalTable: "invoices",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_tickets_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_tickets_projects_organisation_id_project_id",
                        columns: x => new { x.organisation_id, x.project_id },
                        principalTable: "projects",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_tickets_users_assignee_id",
                        column: x => x.assignee_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_tickets_users_opened_by_id",
                        column: x => x.opened_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "support_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ticket_id = table.Column<Guid>(type: "uuid", nullable: false),
                    author = table.Column<string>(type: "text", nullable: false),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author_name = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    is_internal = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_support_messages", x => x.id);
                    table.UniqueConstraint("ak_support_messages_organisation_id_id", x => new { x.organisation_id, x.id });
                    table.CheckConstraint("support_messages_author_check", "author IN ('customer', 'staff') AND (author = 'staff' OR NOT is_internal)");
                    table.CheckConstraint("support_messages_body_check", "char_length(body) BETWEEN 1 AND 20000");
                    table.ForeignKey(
                        name: "fk_support_messages_support_tickets_organisation_id_ticket_id",
                        columns: x => new { x.organisation_id, x.ticket_id },
                        principalTable: "support_tickets",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_messages_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "support_readings",
                columns: table => new
                {
                    ticket_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_support_readings", x => new { x.ticket_id, x.user_id });
                    table.ForeignKey(
                        name: "fk_support_readings_support_tickets_organisation_id_ticket_id",
                        columns: x => new { x.organisation_id, x.ticket_id },
                        principalTable: "support_tickets",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_support_readings_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "support_attachments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_support_attachments", x => x.id);
                    table.CheckConstraint("support_attachments_sha256_check", "sha256 = sha256(content)");
                    table.CheckConstraint("support_attachments_size_check", "size = octet_length(content) AND size BETWEEN 1 AND 5242880");
                    table.CheckConstraint("support_attachments_type_check", "content_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain')");
                    table.ForeignKey(
                        name: "fk_support_attachments_support_messages_organisation_id_messag",
                        columns: x => new { x.organisation_id, x.message_id },
                        principalTable: "support_messages",
                        principalColumns: new[] { "organisation_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_support_attachments_message_id",
                table: "support_attachments",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_support_attachments_organisation_id_message_id",
                table: "support_attachments",
                columns: new[] { "organisation_id", "message_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_messages_author_id",
                table: "support_messages",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_support_messages_organisation_id_ticket_id",
                table: "support_messages",
                columns: new[] { "organisation_id", "ticket_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_messages_ticket_id_created_at",
                table: "support_messages",
                columns: new[] { "ticket_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_support_readings_organisation_id_ticket_id",
                table: "support_readings",
                columns: new[] { "organisation_id", "ticket_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_readings_user_id",
                table: "support_readings",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_assignee_id",
                table: "support_tickets",
                column: "assignee_id");

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_number",
                table: "support_tickets",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_opened_by_id",
                table: "support_tickets",
                column: "opened_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_organisation_id_api_key_id",
                table: "support_tickets",
                columns: new[] { "organisation_id", "api_key_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_organisation_id_invoice_id",
                table: "support_tickets",
                columns: new[] { "organisation_id", "invoice_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_organisation_id_last_message_at",
                table: "support_tickets",
                columns: new[] { "organisation_id", "last_message_at" });

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_organisation_id_project_id",
                table: "support_tickets",
                columns: new[] { "organisation_id", "project_id" });

            migrationBuilder.CreateIndex(
                name: "ix_support_tickets_status_last_message_at",
                table: "support_tickets",
                columns: new[] { "status", "last_message_at" });

            migrationBuilder.Run("support");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
