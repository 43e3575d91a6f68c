using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Documents.Drawing;

/// <summary>A document could not be drawn: a library is missing or refused. The message names the fix.</summary>
public sealed class PdfException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Guards the way to the native libraries: their absence and their status codes.</summary>
public static class PdfEngine
{
    private const string Install = "Install them: apt-get install libcairo2 libpangocairo-1.0-0 fonts-inter fonts-dejavu-core";

    /// <summary>The versions of the libraries, for the operations page: <c>Cairo 1.16.0, Pango 1.50.12</c>.</summary>
    /// <exception cref="PdfException">A library is missing.</exception>
    public static string Versions() => Guarded(() =>
        $"Cairo {Marshal.PtrToStringUTF8(Cairo.cairo_version_string())}, Pango {Marshal.PtrToStringUTF8(Pango.pango_version_string())}");

    /// <summary>Runs work that calls the libraries, turning a missing one into a message that says what to install.</summary>
    internal static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DllNotFoundException missing)
        {
            throw new PdfException($"PDF documents need the libraries Cairo and Pango, and one was not found. {Install}", missing);
        }
        catch (EntryPointNotFoundException old)
        {
            throw new PdfException($"PDF documents need Cairo 1.16 and Pango 1.44 or later; an older one was found. {Install}", old);
        }
    }

    internal static T Made<T>(T handle, string what)
        where T : NativeHandle =>
        handle.IsInvalid
            ? throw new PdfException($"Pango could not make {what}: the machine is out of memory or has no fonts. {Install}")
            : handle;

    internal static void Check(int status)
    {
        if (status != Cairo.Success)
        {
            throw new PdfException(
                $"Cairo refused to draw: {Marshal.PtrToStringUTF8(Cairo.cairo_status_to_string(status))} (status {status})."
            );
        }
    }

    /// <summary>UTF-8 with the final zero that C wants.</summary>
    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
