using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ottla.Cli.CommandLine;
using Spectre.Console;

namespace Ottla.Cli.Output;

/// <summary>Prints results as a table for people or as JSON for programs.</summary>
internal sealed class ResultPrinter(CliConsole console, bool asJson)
{
    public bool AsJson => asJson;

    /// <summary>Prints rows.</summary>
    /// <param name="rows">The rows, which JSON has as an array.</param>
    /// <param name="typeInfo">How JSON writes that array.</param>
    /// <param name="columns">The table's columns: title, cell, and whether numbers stand in it.</param>
    public void Print<T>(IReadOnlyList<T> rows, JsonTypeInfo<IReadOnlyList<T>> typeInfo, params TableColumn<T>[] columns)
    {
        if (asJson)
        {
            PrintJson(rows, typeInfo);
        }
        else
        {
            PrintTable(rows, columns);
        }
    }

    public void PrintJson<T>(T value, JsonTypeInfo<T> typeInfo) => console.Output.WriteLine(JsonSerializer.Serialize(value, typeInfo));

    public void PrintTable<T>(IReadOnlyList<T> rows, params TableColumn<T>[] columns)
    {
        Table table = new Table().NoBorder();
        foreach (TableColumn<T> column in columns)
        {
            var header = new Spectre.Console.TableColumn(Markup.Escape(column.Title)) { NoWrap = true };
            table.AddColumn(column.IsNumber ? header.RightAligned() : header);
        }

        foreach (T row in rows)
        {
            table.AddRow(columns.Select(column => new Text(column.Cell(row))).ToArray<Spectre.Console.Rendering.IRenderable>());
        }

        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(lines),
        });
        ansi.Profile.Width = Math.Max(console.Width ?? int.MaxValue / 2, 40);
        ansi.Write(table);
        foreach (string line in lines.ToString().TrimEnd().Split('\n'))
        {
            console.Output.WriteLine(line.TrimEnd()); // the table fills its last column up with spaces
        }
    }
}
