namespace Florist.Kernel;

/// <summary>What whoever collects measurements has to do with those of the engine.</summary>
public static class EngineMeasurements
{
    /// <summary>
    /// Makes known what should stay 0, so that the first of it is seen as a change. Once, after the collecting began.
    /// </summary>
    public static void Begin() => EngineMeter.Begin();
}
