namespace Florist.Server;
internal static class Hosting { public static void AddGrainHost(this IHostApplicationBuilder builder) { builder.UseOrleans(silo => silo.Services.AddWireForm(typeof(Florist.Kernel.Fault).Assembly)); } }
