using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portal.Tests.Documents;

/// <summary>Reads a document with poppler's tools, as a stranger's viewer would.</summary>
internal static class Pdf
{
    public static string Text(byte[] pdf) => Run("pdftotext", pdf, "-layout", "-", "-").Replace('\u00a0', ' ');

    public static string[] Pages(byte[] pdf) => Text(pdf).TrimEnd('\f').Split('\f');

    public static string Fonts(byte[] pdf) => Run("pdffonts", pdf, "-");

    public static string Info(byte[] pdf) => Run("pdfinfo", pdf, "-");

    /// <summary>The first page as grey dots, row by row, 0 black to 255 white.</summary>
    public static (int Width, int Height, byte[] Dots) Picture(byte[] pdf, int dotsPerInch)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Run("pdftoppm", pdf, "-gray", "-singlefile", "-r", dotsPerInch.ToString(CultureInfo.InvariantCulture), "-", path);
            var file = File.ReadAllBytes(path + ".pgm");
            var head = Encoding.ASCII.GetString(file, 0, 32).Split([' ', '\n'], 5);
            var (width, height) = (int.Parse(head[1], CultureInfo.InvariantCulture), int.Parse(head[2], CultureInfo.InvariantCulture));
            return (width, height, file[^(width * height)..]);
        }
        finally
        {
            File.Delete(path + ".pgm");
        }
    }

    private static string Run(string tool, byte[] pdf, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{tool} did not start: apt-get install poppler-utils");
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(pdf);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            process.Kill();
            throw new TimeoutException($"{tool} did not end within 30 seconds.");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"{tool} could not read the document: exit code {process.ExitCode}.");
    }
}
