public class Hello {
    public static void main(String[] args) throws Exception {
        Process bc = new ProcessBuilder("bc", "-q", "/app/sum.bc").redirectErrorStream(true).start();
        System.out.print(new String(bc.getInputStream().readAllBytes()));
        System.exit(bc.waitFor() + 3);
    }
}
