using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data.Kernel;

#nullable disable

namespace Portal.Data.Migrations
{
    /// <inheritdoc />
    public partial class PortalGaps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Run("portal_gaps");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Restore a backup instead.");
    }
}
