using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Documents;

internal sealed class DocumentFoldersTable : IEntityTypeConfiguration<DocumentFolder>
{
    public void Configure(EntityTypeBuilder<DocumentFolder> table)
    {
        table.HasIndex(f => f.Name).IsUnique().HasDatabaseName("uq_document_folders_name");
        table.HasIndex(f => f.Lands).IsUnique().HasDatabaseName("uq_document_folders_lands");
    }
}

internal sealed class DocumentsTable : IEntityTypeConfiguration<Document>
{
    public void Configure(EntityTypeBuilder<Document> table)
    {
        table.HasIndex(d => d.Source).IsUnique().HasDatabaseName("uq_documents_source");
        table.HasIndex(d => d.DatedOn).HasDatabaseName("idx_documents_dated");
    }
}

internal sealed class DocumentVersionsTable : IEntityTypeConfiguration<DocumentVersion>
{
    public void Configure(EntityTypeBuilder<DocumentVersion> table)
    {
        table.HasIndex(v => new { v.DocumentId, v.Number }).IsUnique().HasDatabaseName("uq_document_versions_number");
        table.HasIndex(v => v.Source).IsUnique().HasDatabaseName("uq_document_versions_source");
        table.HasIndex(v => v.CreatedAt).HasDatabaseName("idx_document_versions_created");
    }
}

internal sealed class DocumentUploadsTable : IEntityTypeConfiguration<DocumentUpload>
{
    public void Configure(EntityTypeBuilder<DocumentUpload> table) =>
        table.HasIndex(u => u.CreatedAt).HasDatabaseName("idx_document_uploads_created");
}

internal sealed class DocumentPartsTable : IEntityTypeConfiguration<DocumentPart>
{
    public void Configure(EntityTypeBuilder<DocumentPart> table)
    {
        table.HasIndex(p => new { p.UploadId, p.Number }).IsUnique().HasDatabaseName("uq_document_parts_upload");
        table.HasIndex(p => new { p.VersionId, p.Number }).IsUnique().HasDatabaseName("uq_document_parts_version");
    }
}

internal sealed class DocumentReadsTable : IEntityTypeConfiguration<DocumentRead>
{
    public void Configure(EntityTypeBuilder<DocumentRead> table) =>
        table.HasIndex(r => new { r.VersionId, r.ReadAt }).HasDatabaseName("idx_document_reads_version");
}
