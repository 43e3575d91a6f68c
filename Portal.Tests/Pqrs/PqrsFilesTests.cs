using System.IO.Compression;
using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

public sealed class PqrsFilesTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2];

    [Fact]
    public void A_file_is_what_it_holds_and_not_what_it_is_called()
    {
        var (rows, errors) = PqrsFiles.Check([
            new("techo.jpg", [0xFF, 0xD8, 0xFF, 0xE0]),
            new("acta.pdf", "%PDF-1.7"u8.ToArray()),
            new("factura.exe", Png),
        ]);

        Assert.Empty(errors);
        Assert.Equal(["image/jpeg", "application/pdf", "image/png"], rows.Select(r => r.ContentType));
        Assert.Equal("factura.exe.png", rows[2].FileName);
    }

    [Fact]
    public void What_is_not_on_the_list_is_refused_by_name_all_at_once()
    {
        var (rows, errors) = PqrsFiles.Check([
            new("page.jpg", "<html><script>"u8.ToArray()),
            new("empty.png", []),
            new("archive.docx", Zip("readme.txt")),
        ]);

        Assert.Empty(rows);
        Assert.Equal(["pqrs.files.kind", "pqrs.files.empty", "pqrs.files.kind"], errors.Select(e => e.Code));
        Assert.Equal("page.jpg", errors[0].Values[0]);
    }

    [Fact]
    public void Six_files_or_nine_megabytes_are_too_much()
    {
        Assert.Equal(
            "pqrs.files.many",
            Assert.Single(PqrsFiles.Check([.. Enumerable.Repeat(new PqrsUpload("a.png", Png), 6)]).Errors).Code
        );
        Assert.Equal(
            "pqrs.files.large",
            Assert.Single(PqrsFiles.Check([new("a.png", [.. Png, .. new byte[PqrsFiles.LargestSize]])]).Errors).Code
        );
    }

    [Theory]
    [InlineData("..\\..\\etc/passwd.png", "passwd.png")]
    [InlineData("a\r\nb\".png", "ab.png")]
    [InlineData("///", "file.png")]
    public void A_name_keeps_nothing_that_a_path_or_a_header_would_obey(string given, string stored) =>
        Assert.Equal(stored, Assert.Single(PqrsFiles.Check([new(given, Png)]).Rows).FileName);

    [Fact]
    public void A_name_is_cut_and_keeps_its_ending() =>
        Assert.Equal(184, Assert.Single(PqrsFiles.Check([new(new string('x', 400) + ".png", Png)]).Rows).FileName.Length);

    [Fact]
    public void A_document_with_macros_is_refused()
    {
        Assert.Empty(PqrsFiles.Check([new("a.docx", Zip("word/document.xml"))]).Errors);
        Assert.NotEmpty(PqrsFiles.Check([new("a.docx", Zip("word/document.xml", "word/vbaProject.bin"))]).Errors);
    }

    private static byte[] Zip(params string[] parts)
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var part in parts) archive.CreateEntry(part);
        }

        return memory.ToArray();
    }
}
