namespace Portal.Resources;

/// <summary>Words of the terminal of the gate, which its page takes with it.</summary>
public sealed class TerminalWords;
