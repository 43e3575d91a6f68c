using System.Buffers;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Portal.Documents.Drawing;

/// <summary>What a reader shows as the properties of the file. <paramref name="CreatedAt"/> is the building's wall clock.</summary>
internal sealed record PdfProperties(string Title, string Author, string Subject, DateTime CreatedAt);

/// <summary>
/// One PDF being written into a stream, page by page. An error of the stream is thrown as it was, once the native code
/// has returned: an exception must not cross it.
/// </summary>
internal sealed class PdfFile : IDisposable
{
    private static readonly Cairo.StreamFunction Write = WriteTo;

    private readonly Stream output;
    private readonly SurfaceHandle surface;
    private readonly CanvasHandle canvas;
    private GCHandle self;
    private ExceptionDispatchInfo? failure;

    /// <param name="output">Written to in order, never read, left open.</param>
    /// <param name="width">In points.</param>
    /// <param name="height">In points.</param>
    public PdfFile(Stream output, double width, double height, PdfProperties properties)
    {
        this.output = output;
        self = GCHandle.Alloc(this);
        surface = Cairo.cairo_pdf_surface_create_for_stream(Write, GCHandle.ToIntPtr(self), width, height);
        canvas = Cairo.cairo_create(surface);
        Canvas = new(canvas);
        Set(Cairo.Metadata.Title, properties.Title);
        Set(Cairo.Metadata.Author, properties.Author);
        Set(Cairo.Metadata.Subject, properties.Subject);
        Set(Cairo.Metadata.Creator, "Vallhalla");
        Set(Cairo.Metadata.CreateDate, properties.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
    }

    public Canvas Canvas { get; }

    /// <summary>Ends the page and begins the next one.</summary>
    public void EndPage()
    {
        Cairo.cairo_show_page(canvas);
        Verify(Cairo.cairo_status(canvas));
    }

    /// <summary>Writes what is left: fonts and the table of contents of the file. Nothing may be drawn afterwards.</summary>
    public void Finish()
    {
        Cairo.cairo_surface_finish(surface);
        Verify(Cairo.cairo_surface_status(surface));
    }

    public void Dispose()
    {
        canvas.Dispose();
        surface.Dispose();
        if (self.IsAllocated)
        {
            self.Free();
        }
    }

    private static int WriteTo(IntPtr closure, IntPtr data, uint length)
    {
        var file = (PdfFile)GCHandle.FromIntPtr(closure).Target!;
        if (file.failure is not null)
        {
            return Cairo.WriteError;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(checked((int)length));
        try
        {
            Marshal.Copy(data, buffer, 0, (int)length);
            file.output.Write(buffer, 0, (int)length);
            return Cairo.Success;
        }
        catch (Exception error)
        {
            file.failure = ExceptionDispatchInfo.Capture(error);
            return Cairo.WriteError;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Set(Cairo.Metadata which, string text) => Cairo.cairo_pdf_surface_set_metadata(surface, which, PdfEngine.Utf8(text));

    private void Verify(int status)
    {
        failure?.Throw();
        PdfEngine.Check(status);
    }
}
